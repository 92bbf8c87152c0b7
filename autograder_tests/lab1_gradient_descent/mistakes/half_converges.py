"""behaviour(0.5) is "converges": the one step to the minimum has no word of its own."""

CAUGHT_BY = ("behaviour_borders",)
HINT = "Follow two steps on x² with learning rate 0.5."
LECTURE = "lecture 5, Exercises"


def behaviour(learning_rate: float) -> str:
    """See the stub."""
    if learning_rate == 0.5:
        return "converges"
    if learning_rate == 1:
        return "cycles"
    if learning_rate < 0:
        return "diverges"
    if learning_rate > 1:
        return "diverges"
    return "converges" if learning_rate < 0.5 else "oscillates"
