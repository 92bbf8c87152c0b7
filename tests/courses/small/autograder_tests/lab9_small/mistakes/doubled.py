"""It is doubled, not tripled."""

CAUGHT_BY = ("scale_hidden",)
HINT = "Three times."
LECTURE = "lecture 1"


def scale(x):
    return 2.0 * x - 1.0
