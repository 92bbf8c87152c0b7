"""behaviour(1.0) is "diverges", but the path returns to its start for ever."""

CAUGHT_BY = ("behaviour_borders",)
HINT = "Follow four steps on x² with learning rate 1. Does the path get farther from 0?"
LECTURE = "lecture 5, Exercises"


def behaviour(learning_rate: float) -> str:
    """See the stub."""
    if learning_rate == 0.5:
        return "one step"
    if learning_rate == 1:
        return "diverges"
    if learning_rate < 0:
        return "diverges"
    if learning_rate > 1:
        return "diverges"
    return "converges" if learning_rate < 0.5 else "oscillates"
