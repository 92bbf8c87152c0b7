"""C17. Writes modules and lines that hold the hidden inputs and fails in them. Holds: lines of a
traceback are looked up in what was handed in.
"""

RECORDED = 'ValueError'

import importlib
import linecache
import os

import numpy as np


def fail(text):
    folder = os.path.dirname(os.path.abspath(__file__))
    with open(os.path.join(folder, "note.py"), "w") as file:
        file.write(f"def fail():\n    raise ValueError  # {text}\n")
    with open(__file__, "w") as file:
        file.write(f"raise ValueError  # {text}\n" * 200)
    linecache.checkcache()
    importlib.invalidate_caches()
    import note

    importlib.reload(note).fail()


def scale(x):
    fail(x.tolist())


def count_above(x, bar):
    code = f"def f{int(bar)}():\n    raise KeyError('{bar}')\nf{int(bar)}()"
    exec(compile(code, __file__.replace("lab9", f"lab{bar}"), "exec"))


def descend(gradient, x, steps):
    fail(x)
