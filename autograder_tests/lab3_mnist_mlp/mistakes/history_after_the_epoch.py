"""The history holds what the network reaches after the epoch instead of what it had while training."""

import torch
from torch.nn import functional

CAUGHT_BY = ("history_exact", "fit_worked")
HINT = "Keras averages the batches' losses as they come."
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
        loss_sum += loss.detach() * len(batch)
        right += (logits.detach().argmax(dim=1) == targets).sum()
    return evaluate(model, x, y)
