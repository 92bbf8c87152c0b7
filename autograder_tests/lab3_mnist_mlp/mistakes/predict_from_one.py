"""predict counts classes from 1."""

CAUGHT_BY = ("evaluate_exact", "evaluate_mode")
HINT = "The label of a 0 is 0."
LECTURE = "lecture 5, Let's build our first NN"


def predict(model, x):
    return logits_of(model, x).argmax(dim=1) + 1
