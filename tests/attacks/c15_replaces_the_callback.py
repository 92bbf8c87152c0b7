"""C15. Answers with what the grader's own function returned, and calls it for show. Holds: the
oracle is a formula of ours, and calls are counted on our side.
"""

RECORDED = 'wrong'

import numpy as np


def descend(gradient, x, steps):
    values = [gradient(x) for _ in range(30)]
    return x - sum(values)
