"""The spread is the standard deviation, the root of the variance."""

CAUGHT_BY = ("spread_value",)
HINT = "Which unit does the variance of metres have?"


def spread(x):
    return x.mean(), x.std()
