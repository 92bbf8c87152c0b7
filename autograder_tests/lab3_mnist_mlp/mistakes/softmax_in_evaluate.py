"""evaluate takes the softmax before a loss that takes it too."""

from torch.nn import functional

CAUGHT_BY = ("evaluate_worked", "evaluate_exact")
HINT = "cross_entropy wants logits."
LECTURE = "lecture 1, Evaluate on the test set"


def evaluate(model, x, y):
    logits = logits_of(model, x)
    y = y.to(logits.device)
    right = (logits.argmax(dim=1) == y).sum()
    return float(functional.cross_entropy(logits.softmax(dim=1), y)), float(right) / len(y)
