"""Every number is doubled instead of squared."""

CAUGHT_BY = ("square_table",)
HINT = "What does 3 become, and what should it become?"
LECTURE = "lecture 9, Powers"


def square(x):
    return x + x
