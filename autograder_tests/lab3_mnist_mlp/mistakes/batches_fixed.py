"""The batches are the same in every epoch; only their order is drawn.

Test accuracy does not show it.
"""

import torch
from torch.nn import functional

CAUGHT_BY = ("batches_order",)
HINT = "Which examples can ever be in a batch together?"
LECTURE = "lecture 5, Stochastic gradient descent"


def train_epoch(model, optimizer, x, y, batches):
    model.train()
    loss_sum = torch.zeros((), device=x.device)
    right = torch.zeros((), device=x.device)
    fixed = torch.arange(len(x), device=x.device).split(len(batches[0]))
    for batch in [fixed[i] for i in torch.randperm(len(fixed)).tolist()]:
        inputs, targets = x[batch], y[batch]
        logits = model(inputs)
        loss = functional.cross_entropy(logits, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += loss.detach() * len(batch)
        right += (logits.detach().argmax(dim=1) == targets).sum()
    return float(loss_sum) / len(x), float(right) / len(x)
