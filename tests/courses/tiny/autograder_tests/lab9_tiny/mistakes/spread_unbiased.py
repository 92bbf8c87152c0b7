"""The variance is divided by n - 1, not by n."""

import numpy as np

CAUGHT_BY = ("spread_value",)
HINT = "By what do you divide for two numbers?"
LECTURE = "lecture 9, Moments"


def spread(x):
    return x.mean(), x.var(ddof=1)
