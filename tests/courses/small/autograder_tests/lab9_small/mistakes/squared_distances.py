"""The root is missing."""

CAUGHT_BY = ("distances_value",)
HINT = "What is the unit of a distance?"
LECTURE = "lecture 1"


def distances(x):
    return ((x[:, None, :] - x[None, :, :]) ** 2).sum(axis=2)
