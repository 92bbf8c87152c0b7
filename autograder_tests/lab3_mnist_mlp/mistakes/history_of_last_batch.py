"""The history holds the last batch's loss and accuracy instead of the epoch's."""

import torch
from torch.nn import functional

CAUGHT_BY = ("history_exact",)
HINT = "Which examples does the number of an epoch stand for?"
LECTURE = "lecture 5, Definitions: learning curve"


def train_epoch(model, optimizer, x, y, batches):
    model.train()
    loss_sum = torch.zeros((), device=x.device)
    right = torch.zeros((), device=x.device)
    for batch in batches:
        inputs, targets = x[batch], y[batch]
        logits = model(inputs)
        loss = functional.cross_entropy(logits, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum = loss.detach() * len(x)
        right = (logits.detach().argmax(dim=1) == targets).float().mean() * len(x)
    return float(loss_sum) / len(x), float(right) / len(x)
