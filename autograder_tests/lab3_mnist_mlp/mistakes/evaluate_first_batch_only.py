"""evaluate looks at the first 256 examples only."""

from torch.nn import functional

CAUGHT_BY = ("evaluate_exact",)
HINT = "How many examples are in the mean?"
LECTURE = "lecture 1, Evaluate on the test set"


def evaluate(model, x, y):
    logits = logits_of(model, x[:256])
    y = y[:256].to(logits.device)
    right = (logits.argmax(dim=1) == y).sum()
    return float(functional.cross_entropy(logits, y)), float(right) / len(y)
