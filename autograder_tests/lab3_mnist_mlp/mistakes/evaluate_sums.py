"""evaluate gives the sum of the losses and the number of right answers."""

from torch.nn import functional

CAUGHT_BY = ("evaluate_worked", "evaluate_exact")
HINT = "A mean does not grow with the number of examples."
LECTURE = "lecture 1, Evaluate on the test set"


def evaluate(model, x, y):
    logits = logits_of(model, x)
    right = (logits.argmax(dim=1) == y.to(logits.device)).sum()
    return float(functional.cross_entropy(logits, y.to(logits.device), reduction="sum")), float(
        right
    )
