"""evaluate takes the log of a rounded probability, clipped at 1e-7."""

import torch

CAUGHT_BY = ("evaluate_exact",)
HINT = "A probability of exp(-200) is 0 in float32; its log is -200."
LECTURE = "lecture 1, Evaluate on the test set"


def evaluate(model, x, y):
    logits = logits_of(model, x)
    y = y.to(logits.device)
    right = (logits.argmax(dim=1) == y).sum()
    probs = logits.softmax(dim=1)[torch.arange(len(y)), y]
    return float(-probs.clamp_min(1e-7).log().mean()), float(right) / len(y)
