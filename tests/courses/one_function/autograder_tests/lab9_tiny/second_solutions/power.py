"""A power."""


def square(x):
    return x**2
