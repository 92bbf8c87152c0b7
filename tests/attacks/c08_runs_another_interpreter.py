"""C8. Starts another Python that may have more packages. Holds: the only one there has none."""

RECORDED = 'imports subprocess'

import glob
import subprocess
import sys

PROGRAM = "import sklearn.metrics, sys; print(sklearn.metrics.pairwise_distances([[0.0], [1.0]]))"
found = []
for python in {sys.executable, "/rt/bin/python3", *glob.glob("/usr/bin/python3*"), *glob.glob("/usr/local/bin/py*")}:
    try:
        done = subprocess.run([python, "-c", PROGRAM], capture_output=True, timeout=5)
        found += [python] if done.returncode == 0 else []
    except (OSError, subprocess.SubprocessError):
        pass


def scale(x):
    return found[0]

def count_above(x, bar):
    return found[0]

def descend(gradient, x, steps):
    return found[0]

def fit(x, y):
    return found[0]

def predict(weights, x):
    return found[0]

def distances(x):
    return found[0]
