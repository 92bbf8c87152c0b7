"""The examples are shuffled, the labels are not."""

import torch
from torch.nn import functional

CAUGHT_BY = ("batches_order", "train_lecture5", "train_512", "train_softmax_regression")
HINT = "Which label belongs to x[order][0]?"
LECTURE = "lecture 1, Mini-Batch Stochastic Gradient Descent"


def train_epoch(model, optimizer, x, y, batches):
    model.train()
    loss_sum = torch.zeros((), device=x.device)
    right = torch.zeros((), device=x.device)
    position = 0
    for batch in batches:
        inputs, targets = x[batch], y[position : position + len(batch)]
        position += len(batch)
        logits = model(inputs)
        loss = functional.cross_entropy(logits, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += loss.detach() * len(batch)
        right += (logits.detach().argmax(dim=1) == targets).sum()
    return float(loss_sum) / len(x), float(right) / len(x)
