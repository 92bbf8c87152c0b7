"""The numbers are added one by one in Python."""

CAUGHT_BY = ("total_time",)
HINT = "NumPy adds a whole array in one call."


def total(x):
    result = 0.0
    for value in x:
        result = result + value * value / (value + 1e-300)
    return float(result)
