"""C5. Sends its answer one byte at a time, for ever. Holds: the clocks are watched while bytes come,
too.
"""

RECORDED = 'WorkerTimeoutError'
SLOW = True

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



import time


def scale(x):
    content = frame({"kind": "value", "id": question(), "value": {"str": "x" * 100000}, "arrays": []})
    for place in range(len(content)):
        channel().sendall(content[place : place + 1])
        time.sleep(0.02)
