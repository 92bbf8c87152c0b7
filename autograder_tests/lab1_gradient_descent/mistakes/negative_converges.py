"""A negative learning rate is said to converge."""

CAUGHT_BY = ("behaviour_borders",)
HINT = "With a negative learning rate, in which direction does a step go?"
LECTURE = "lecture 5, Exercises"


def behaviour(learning_rate: float) -> str:
    """See the stub."""
    if learning_rate == 0.5:
        return "one step"
    if learning_rate == 1:
        return "cycles"
    if learning_rate < 0:
        return "converges"
    if learning_rate > 1:
        return "diverges"
    return "converges" if learning_rate < 0.5 else "oscillates"
