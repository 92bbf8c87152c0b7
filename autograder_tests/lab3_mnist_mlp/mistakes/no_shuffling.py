"""The examples come in the order in which they were given, in every epoch.

Test accuracy does not show it.
"""

import torch
from torch.nn import functional

CAUGHT_BY = ("batches_order",)
HINT = "Two seeds: are the orders different?"
LECTURE = "lecture 5, Stochastic gradient descent"


def train_epoch(model, optimizer, x, y, batches):
    model.train()
    loss_sum = torch.zeros((), device=x.device)
    right = torch.zeros((), device=x.device)
    for batch in torch.cat(batches).sort().values.split(len(batches[0])):
        inputs, targets = x[batch], y[batch]
        logits = model(inputs)
        loss = functional.cross_entropy(logits, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += loss.detach() * len(batch)
        right += (logits.detach().argmax(dim=1) == targets).sum()
    return float(loss_sum) / len(x), float(right) / len(x)
