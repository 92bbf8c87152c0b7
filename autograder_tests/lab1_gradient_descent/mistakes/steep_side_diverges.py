"""Every learning rate above 0.5 is said to diverge."""

CAUGHT_BY = (
    "behaviour_words",
    "behaviour_borders",
)
HINT = (
    "Follow four steps with learning rate 0.75. The path changes sides: does it also get "
    "farther from 0?"
)
LECTURE = "lecture 5, Exercises"


def behaviour(learning_rate: float) -> str:
    """See the stub."""
    if learning_rate == 0.5:
        return "one step"
    return "converges" if 0 < learning_rate < 0.5 else "diverges"
