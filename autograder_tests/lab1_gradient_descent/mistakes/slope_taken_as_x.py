"""The slope of x² is taken to be x, so all borders are twice too high."""

CAUGHT_BY = (
    "behaviour_words",
    "behaviour_borders",
)
HINT = "What is the slope of x² at x? Put it into one step: by which number is x multiplied?"
LECTURE = "lecture 5, Exercises"


def behaviour(learning_rate: float) -> str:
    """See the stub."""
    factor = 1 - learning_rate
    if factor == 0:
        return "one step"
    if abs(factor) == 1:
        return "cycles"
    if abs(factor) > 1:
        return "diverges"
    return "converges" if factor > 0 else "oscillates"
