"""An epoch is one batch instead of all of them."""

import torch
from torch.nn import functional

CAUGHT_BY = ("batches_counted",)
HINT = "How many examples has the network seen after an epoch?"
LECTURE = "lecture 5, Definitions: Epoch"


def train_epoch(model, optimizer, x, y, batches):
    model.train()
    loss_sum = torch.zeros((), device=x.device)
    right = torch.zeros((), device=x.device)
    for batch in batches[:1]:
        inputs, targets = x[batch], y[batch]
        logits = model(inputs)
        loss = functional.cross_entropy(logits, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += loss.detach() * len(batch)
        right += (logits.detach().argmax(dim=1) == targets).sum()
    return float(loss_sum) / len(x), float(right) / len(x)
