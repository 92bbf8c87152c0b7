"""The last step is left out."""

CAUGHT_BY = ("descend_hidden",)
HINT = "How often does the loop run?"
LECTURE = "lecture 1"


def descend(gradient, x, steps):
    for _ in range(steps - 1):
        x = x - 0.1 * gradient(x)
    return x
