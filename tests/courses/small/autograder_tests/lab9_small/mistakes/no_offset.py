"""The one is not subtracted."""

CAUGHT_BY = ("scale_worked", "scale_hidden")
HINT = "What is the value at zero?"
LECTURE = "lecture 1"


def scale(x):
    return 3.0 * x
