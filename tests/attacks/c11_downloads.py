"""C11. Fetches weights from the network, and looks for servers on this machine. Holds: a network
namespace with nothing in it.
"""

RECORDED = 'ConnectionError'

import socket
import urllib.request

reached = []
for address in ("1.1.1.1", "8.8.8.8", "127.0.0.1", "169.254.169.254", "10.0.0.1", "::1"):
    for port in (53, 80, 443, 8786, 22):
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        with socket.socket(family) as link:
            link.settimeout(0.2)
            if link.connect_ex((address, port)) == 0:
                reached.append(address)
try:
    reached.append(urllib.request.urlopen("http://example.com", timeout=1))
except OSError:
    pass


def scale(x):
    if not reached:
        raise ConnectionError("no network")
    return 0

def count_above(x, bar):
    if not reached:
        raise ConnectionError("no network")
    return 0

def descend(gradient, x, steps):
    if not reached:
        raise ConnectionError("no network")
    return 0

def fit(x, y):
    if not reached:
        raise ConnectionError("no network")
    return 0

def predict(weights, x):
    if not reached:
        raise ConnectionError("no network")
    return 0

def distances(x):
    if not reached:
        raise ConnectionError("no network")
    return 0
