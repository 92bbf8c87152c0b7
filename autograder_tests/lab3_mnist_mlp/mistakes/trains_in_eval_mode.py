"""fit trains in whatever mode the network arrives in."""

import torch
from torch.nn import functional

CAUGHT_BY = ("train_mode",)
HINT = "Where does model.train() stand?"
LECTURE = "lecture 5, Batch normalization"


def train_epoch(model, optimizer, x, y, batches):
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
    return float(loss_sum) / len(x), float(right) / len(x)
