"""The loss of a batch is a sum instead of a mean.

Test accuracy does not show it.
"""

import torch
from torch.nn import functional

CAUGHT_BY = ("steps_sgd", "fit_worked")
HINT = "With twice the examples in a batch, is the step twice as long?"
LECTURE = "lecture 5, Loss Functions"


def train_epoch(model, optimizer, x, y, batches):
    model.train()
    loss_sum = torch.zeros((), device=x.device)
    right = torch.zeros((), device=x.device)
    for batch in batches:
        inputs, targets = x[batch], y[batch]
        logits = model(inputs)
        loss = functional.cross_entropy(logits, targets, reduction="sum")
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += loss.detach()
        right += (logits.detach().argmax(dim=1) == targets).sum()
    return float(loss_sum) / len(x), float(right) / len(x)
