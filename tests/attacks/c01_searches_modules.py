"""C1. Imports the grader, the checks and the solution by every name. Holds: none of them is in the
sandbox.
"""

RECORDED = 'LookupError'

import importlib
import pathlib
import sys

NAMES = ("grader.testing", "grader.runner", "grader.examine", "grader.model", "pytest", "checks")
NAMES += ("solutions.lab9_small.lab9", "autograder_tests.lab9_small.checks", "reference", "cli.main")
reached = []
for name in NAMES:
    try:
        reached.append(importlib.import_module(name))
    except Exception:
        pass
for folder in map(pathlib.Path, [*sys.path, "/", "/work", "/home", "/root", "/repo", "/w", "/site"]):
    for depth in ("", "*/", "*/*/"):
        try:
            reached += folder.glob(f"{depth}autograder_tests/*/checks.py")
            reached += folder.glob(f"{depth}solutions/*/lab*.py")
        except OSError:
            pass


def scale(x):
    if not reached:
        raise LookupError("nothing there")
    return reached[0].scale(x)

def count_above(x, bar):
    if not reached:
        raise LookupError("nothing there")
    return reached[0].count_above(x, bar)

def descend(gradient, x, steps):
    if not reached:
        raise LookupError("nothing there")
    return reached[0].descend(gradient, x, steps)

def fit(x, y):
    if not reached:
        raise LookupError("nothing there")
    return reached[0].fit(x, y)

def predict(weights, x):
    if not reached:
        raise LookupError("nothing there")
    return reached[0].predict(weights, x)

def distances(x):
    if not reached:
        raise LookupError("nothing there")
    return reached[0].distances(x)
