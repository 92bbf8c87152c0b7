"""C12. Leaves messages for the next submission wherever it can, and takes those it finds. Holds:
everything it can write goes with its sandbox.
"""

RECORDED = 'LookupError'

import os
import socket

import numpy as np

PLACES = ("/tmp", "/tmp/mpl", "/dev/shm", "/var/tmp", "/run", "/w", "/site", "/site/numpy", "/dev", "/")
NAMES = [f"{place}/message-for-a-friend" for place in PLACES]


def found():
    hits = [name for name in NAMES if os.path.exists(name)]
    with socket.socket(socket.AF_UNIX) as link:
        if link.connect_ex("\0dlab-friend") == 0:
            hits.append("abstract socket")
    return hits


hits = found()
for name in NAMES:
    try:
        with open(name, "w") as file:
            file.write("3.0 * x - 1.0")
    except OSError:
        pass
server = socket.socket(socket.AF_UNIX)
try:
    server.bind("\0dlab-friend")
    server.listen()
except OSError:
    hits.append("address in use")


def scale(x):
    if not hits:
        raise LookupError("no friend was here")
    return 3.0 * x - 1.0


def look():
    return [str(hit) for hit in hits]
