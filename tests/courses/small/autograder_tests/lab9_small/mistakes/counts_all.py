"""All values are counted."""

CAUGHT_BY = ("count_hidden",)
HINT = "Which of them are above the bar?"
LECTURE = "lecture 1"


def count_above(x, bar):
    return int(x.size)
