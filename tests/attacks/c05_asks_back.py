"""C5. Calls functions it was never given, and the ones it was with nonsense. Holds: only functions
of this very call exist, and their failures stay in the call.
"""

RECORDED = 'was not given'

import gc
import json
import os
import struct
import sys


def channel():
    return next(o for o in gc.get_objects() if type(o).__name__ == "Loop").connection


def question():
    frame = sys._getframe()
    while "header" not in frame.f_locals:
        frame = frame.f_back
    return frame.f_locals["header"]["id"]


def frame(header, body=b""):
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return struct.pack("<IQ", len(text), len(body)) + text + body


def say(content):
    channel().sendall(content)
    os._exit(0)



def scale(x):
    say(frame({"kind": "callback", "id": 1, "callback": 0, "value": {"t": []}, "arrays": []}))


def count_above(x, bar):
    say(frame({"kind": "callback", "id": 1, "callback": [], "value": {"t": []}, "arrays": []}))


def descend(gradient, x, steps):
    for nonsense in ("x", None, [], {}, object(), "y" * 10000, 10**70, b"", (), -1, 1j):
        try:
            gradient(nonsense)
        except Exception:
            pass
    try:
        gradient()
        gradient(1, 2, 3)
    except Exception:
        pass
    return x


def fit(x, y):
    say(frame({"kind": "callback", "id": 1, "callback": 10**30, "value": {"t": []}, "arrays": []}))


def predict(weights, x):
    return 0
