"""predict names the least probable class."""

CAUGHT_BY = ("evaluate_exact", "evaluate_mode")
HINT = "Large logit, large probability."
LECTURE = "lecture 5, Let's build our first NN"


def predict(model, x):
    return logits_of(model, x).argmin(dim=1)
