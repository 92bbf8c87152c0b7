"""predict looks for the largest logit of each class, not of each example."""

CAUGHT_BY = ("evaluate_exact", "evaluate_mode")
HINT = "Which axis are the classes?"
LECTURE = "lecture 5, Let's build our first NN"


def predict(model, x):
    return logits_of(model, x).argmax(dim=0)
