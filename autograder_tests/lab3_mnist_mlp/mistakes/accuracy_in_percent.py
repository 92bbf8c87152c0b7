"""evaluate gives the accuracy in percent."""

from torch.nn import functional

CAUGHT_BY = ("evaluate_worked", "evaluate_exact")
HINT = "A share is from 0 to 1."
LECTURE = "lecture 1, Evaluate on the test set"


def evaluate(model, x, y):
    logits = logits_of(model, x)
    y = y.to(logits.device)
    right = (logits.argmax(dim=1) == y).sum()
    return float(functional.cross_entropy(logits, y)), 100.0 * float(right) / len(y)
