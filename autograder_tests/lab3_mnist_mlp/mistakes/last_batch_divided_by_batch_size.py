"""The loss of the short last batch is divided by batch_size instead of by its examples.

Test accuracy does not show it.
"""

import torch
from torch.nn import functional

CAUGHT_BY = ("batches_counted",)
HINT = "Over how many examples is the mean of the last batch?"
LECTURE = "lecture 5, Batch vs mini-batch Gradient Descent"


def train_epoch(model, optimizer, x, y, batches):
    model.train()
    loss_sum = torch.zeros((), device=x.device)
    right = torch.zeros((), device=x.device)
    for batch in batches:
        inputs, targets = x[batch], y[batch]
        logits = model(inputs)
        loss = functional.cross_entropy(logits, targets) * (len(batch) / len(batches[0]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += loss.detach() * len(batch)
        right += (logits.detach().argmax(dim=1) == targets).sum()
    return float(loss_sum) / len(x), float(right) / len(x)
