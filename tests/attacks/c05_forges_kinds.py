"""C5. Answers with arrays of objects, negative shapes, pickles, tensors and unknown kinds. Holds: a
fixed list of dtypes and kinds; nothing is unpickled or called.
"""

RECORDED = 'WorkerProtocolError'

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



PICKLE = b"cos\nsystem\n(S'touch /tmp/pwned'\ntR."


def answer(value, arrays, body=b""):
    return frame({"kind": "value", "id": question(), "value": value, "arrays": arrays}, body)


def scale(x):
    say(answer({"a": 0}, [["object", [3, 5]]], b"\0" * 120))


def count_above(x, bar):
    say(answer({"f": 10**400}, []))


def descend(gradient, x, steps):
    say(answer({"a": 0}, [["float64", [-1]]], PICKLE))


def fit(x, y):
    say(answer({"p": PICKLE.decode()}, []))


def predict(weights, x):
    return 0


def distances(x):
    say(answer({"x": 0}, [["float64", [7, 7]]], b"\0" * 392))
