"""C5. Writes well-formed verdicts and answers with guessed numbers to every descriptor it has.
Holds: a verdict is no kind of frame, and an answer must answer the question asked.
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



VERDICTS = [
    {"kind": "passed", "id": 1, "value": None, "arrays": []},
    {"kind": "value", "id": 999, "value": True, "arrays": [], "outcome": "passed", "points": 10},
    {"kind": "result", "id": 1, "value": {"str": "passed"}, "arrays": []},
]


def shout():
    for descriptor in range(256):
        for verdict in VERDICTS:
            try:
                os.write(descriptor, frame(verdict))
            except OSError:
                pass
    return True


def scale(x):
    return shout()

def count_above(x, bar):
    return shout()

def descend(gradient, x, steps):
    return shout()

def fit(x, y):
    return shout()

def predict(weights, x):
    return shout()

def distances(x):
    return shout()
