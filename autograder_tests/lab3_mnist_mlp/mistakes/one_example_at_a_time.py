"""The examples of a batch go through the network one by one."""

import torch
from torch.nn import functional

CAUGHT_BY = ("fit_time",)
HINT = "The network takes a whole batch: (batch, n_in)."
LECTURE = "lecture 5, Definitions: batch_size"


def train_epoch(model, optimizer, x, y, batches):
    model.train()
    loss_sum = torch.zeros((), device=x.device)
    right = torch.zeros((), device=x.device)
    for batch in batches:
        inputs, targets = x[batch], y[batch]
        logits = torch.cat([model(row[None]) for row in inputs])
        loss = functional.cross_entropy(logits, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += loss.detach() * len(batch)
        right += (logits.detach().argmax(dim=1) == targets).sum()
    return float(loss_sum) / len(x), float(right) / len(x)
