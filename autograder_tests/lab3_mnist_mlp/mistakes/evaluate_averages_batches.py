"""evaluate takes the mean over batches, in which the short last one counts as much as the others."""

from torch.nn import functional

CAUGHT_BY = ("evaluate_exact",)
HINT = "How many examples does the last batch have?"
LECTURE = "lecture 1, Evaluate on the test set"


def evaluate(model, x, y):
    losses, accuracies = [], []
    for inputs, targets in zip(x.split(128), y.split(128)):
        logits = logits_of(model, inputs)
        targets = targets.to(logits.device)
        losses.append(float(functional.cross_entropy(logits, targets)))
        accuracies.append(float((logits.argmax(dim=1) == targets).float().mean()))
    return sum(losses) / len(losses), sum(accuracies) / len(accuracies)
