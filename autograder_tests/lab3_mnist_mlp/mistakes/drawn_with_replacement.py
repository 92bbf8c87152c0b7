"""Examples are drawn anew for each batch: some come twice in an epoch, some never.

Test accuracy does not show it.
"""

import torch
from torch.nn import functional

CAUGHT_BY = ("batches_order",)
HINT = "Is every example there once in an epoch?"
LECTURE = "lecture 5, Definitions: Epoch"


def train_epoch(model, optimizer, x, y, batches):
    model.train()
    loss_sum = torch.zeros((), device=x.device)
    right = torch.zeros((), device=x.device)
    for batch in batches:
        batch = torch.randint(len(x), (len(batch),), device=x.device)
        inputs, targets = x[batch], y[batch]
        logits = model(inputs)
        loss = functional.cross_entropy(logits, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += loss.detach() * len(batch)
        right += (logits.detach().argmax(dim=1) == targets).sum()
    return float(loss_sum) / len(x), float(right) / len(x)
