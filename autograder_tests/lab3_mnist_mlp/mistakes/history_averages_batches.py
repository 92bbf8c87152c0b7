"""The history holds means over batches, in which the short last one counts as much as the others."""

import torch
from torch.nn import functional

CAUGHT_BY = ("history_exact",)
HINT = "How many examples does the last batch have?"
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
        loss_sum += loss.detach()
        right += (logits.detach().argmax(dim=1) == targets).float().mean()
    return float(loss_sum) / len(batches), float(right) / len(batches)
