"""The last batch is dropped when it is short.

Test accuracy does not show it.
"""

import torch
from torch.nn import functional

CAUGHT_BY = ("batches_counted",)
HINT = "How many steps does an epoch with 7 examples and batches of 3 make?"
LECTURE = "lecture 5, Batch vs mini-batch Gradient Descent"


def train_epoch(model, optimizer, x, y, batches):
    model.train()
    loss_sum = torch.zeros((), device=x.device)
    right = torch.zeros((), device=x.device)
    for batch in batches:
        if len(batch) < len(batches[0]):
            continue
        inputs, targets = x[batch], y[batch]
        logits = model(inputs)
        loss = functional.cross_entropy(logits, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += loss.detach() * len(batch)
        right += (logits.detach().argmax(dim=1) == targets).sum()
    return float(loss_sum) / len(x), float(right) / len(x)
