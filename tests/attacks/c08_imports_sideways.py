"""C8. Imports what the lab does not allow: importlib, __import__, exec, another finder, a path of
its own. Holds: it is not in the sandbox at all.
"""

RECORDED = 'uses __import__'

import glob
import importlib
import importlib.util
import sys

found = []
sys.meta_path[:] = [finder for finder in sys.meta_path if "AllowList" not in repr(type(finder))]
sys.path += ["/usr/lib/python3/dist-packages", *glob.glob("/usr/**/site-packages", recursive=True)]
sys.path += glob.glob("/rt/lib/python3*/site-packages") + ["/usr/local/lib/python3/site-packages"]
for name in ("torch", "sklearn", "scipy", "jax", "autograd", "pandas", "matplotlib"):
    for load in (importlib.import_module, __import__, lambda name: exec(f"import {name}")):
        try:
            load(name)
            found.append(name)
        except ImportError:
            pass


def scale(x):
    if not found:
        raise ImportError("none of them is here")
    import sklearn.metrics
    return sklearn.metrics.pairwise_distances(x)

def count_above(x, bar):
    if not found:
        raise ImportError("none of them is here")
    import sklearn.metrics
    return sklearn.metrics.pairwise_distances(x, bar)

def descend(gradient, x, steps):
    if not found:
        raise ImportError("none of them is here")
    import sklearn.metrics
    return sklearn.metrics.pairwise_distances(gradient, x, steps)

def fit(x, y):
    if not found:
        raise ImportError("none of them is here")
    import sklearn.metrics
    return sklearn.metrics.pairwise_distances(x, y)

def predict(weights, x):
    if not found:
        raise ImportError("none of them is here")
    import sklearn.metrics
    return sklearn.metrics.pairwise_distances(weights, x)

def distances(x):
    if not found:
        raise ImportError("none of them is here")
    import sklearn.metrics
    return sklearn.metrics.pairwise_distances(x)
