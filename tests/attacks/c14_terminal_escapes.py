"""C14. Prints and raises control characters that would move an instructor's cursor. Holds: text from
outside is cleaned.
"""

RECORDED = 'ValueError'

EVIL = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202e\r"
print(EVIL * 10)


def scale(x):
    raise ValueError(EVIL)

def count_above(x, bar):
    raise ValueError(EVIL)

def descend(gradient, x, steps):
    raise ValueError(EVIL)

def fit(x, y):
    raise ValueError(EVIL)

def predict(weights, x):
    raise ValueError(EVIL)

def distances(x):
    raise ValueError(EVIL)
