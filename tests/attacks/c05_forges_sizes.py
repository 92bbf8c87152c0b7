"""C5. Answers with lengths, depths and shapes that no memory holds. Holds: every size is checked
before anything is allocated.
"""

RECORDED = 'over the limit'

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



def answer(value, arrays, body=b""):
    return frame({"kind": "value", "id": question(), "value": value, "arrays": arrays}, body)


def scale(x):
    say(struct.pack("<IQ", 2**32 - 1, 2**64 - 1))


def count_above(x, bar):
    say(frame(b'{"kind":"value","arrays":[],"value":' + b'{"l":[' * 200000 + b"]}" * 200000 + b"}"))


def descend(gradient, x, steps):
    say(answer({"a": 0}, [["float64", [2**30, 2**30, 2**30]]]))


def fit(x, y):
    say(answer({"a": 0}, [["float64", [2**30, 2**30, 0]]]))


def predict(weights, x):
    return 0


def distances(x):
    keys = [[{"i": str(k * (2**61 - 1))}, None] for k in range(100000)]
    say(answer({"d": keys}, []))
