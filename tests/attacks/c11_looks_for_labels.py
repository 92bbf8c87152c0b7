"""C11. Looks for the test labels among all objects and on the disk. Holds: the worker is sent
inputs; labels stay with the grader.
"""

RECORDED = 'accuracy'

import gc
import glob

import numpy as np


def fit(x, y):
    return np.zeros(3)


def predict(weights, x):
    labels = [
        a for a in gc.get_objects()
        if isinstance(a, np.ndarray) and a.dtype.kind == "i" and a.shape == (len(x),)
    ]
    for path in glob.glob("/**/*.np[yz]", recursive=True):
        try:
            labels.append(np.load(path))
        except (OSError, ValueError):
            pass
    return labels[-1] if labels else np.full(len(x), -1)
