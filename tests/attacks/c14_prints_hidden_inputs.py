"""C14. Prints, logs and warns of every input it gets. Holds: no message for students quotes output."""

RECORDED = 'RuntimeError'

import logging
import sys
import warnings

import numpy as np

logging.basicConfig(level=logging.DEBUG)


def tell(*args):
    print(args)
    print(args, file=sys.stderr)
    logging.error("%s", args)
    warnings.warn(str(args))
    raise RuntimeError


def scale(x):
    tell(x)

def count_above(x, bar):
    tell(x, bar)

def descend(gradient, x, steps):
    tell(gradient, x, steps)

def fit(x, y):
    tell(x, y)

def predict(weights, x):
    tell(weights, x)

def distances(x):
    tell(x)
