"""C5. Answers with texts that cannot be stored: lone surrogates, control characters, names of types.
Holds: text from outside is cleaned before it is kept.
"""

RECORDED = 'errored'

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



def answer(**header):
    return frame({"kind": "value", "id": question(), "value": None, "arrays": [], **header})


def scale(x):
    say(answer(value={"r": 1, "type": "\ud800\x1b[2J"}))


def count_above(x, bar):
    say(answer(kind="raised", type="\ud800", message="\ud800\x1b[2J", places=[["\ud800", 1]]))


def descend(gradient, x, steps):
    say(answer(kind="unusable", message="\udfff" * 9))


def fit(x, y):
    say(answer(value={"str": "\ud800"}))


def predict(weights, x):
    return 0


def distances(x):
    say(answer(value={"d": [["\ud800", 1.5]]}))
