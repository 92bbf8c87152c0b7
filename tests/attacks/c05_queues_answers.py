"""C5. Sends answers to questions that come later. Holds: they are values like any other and must be
right.
"""

RECORDED = 'wrong'

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



def queue(*args):
    number = question()
    for later in range(number, number + 50):
        channel().sendall(frame({"kind": "value", "id": later, "value": {"f": 0.5}, "arrays": []}))
    return 0.5


def scale(x):
    return queue(x)

def count_above(x, bar):
    return queue(x, bar)

def descend(gradient, x, steps):
    return queue(gradient, x, steps)

def fit(x, y):
    return queue(x, y)

def predict(weights, x):
    return queue(weights, x)

def distances(x):
    return queue(x)
