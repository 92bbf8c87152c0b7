"""The loss smooths the labels by 0.1.

Test accuracy does not show it.
"""

import torch
from torch.nn import functional

CAUGHT_BY = ("steps_sgd", "fit_worked")
HINT = "What is the lowest value that your loss can reach?"
LECTURE = "lecture 5, Loss Functions"


def train_epoch(model, optimizer, x, y, batches):
    model.train()
    loss_sum = torch.zeros((), device=x.device)
    right = torch.zeros((), device=x.device)
    for batch in batches:
        inputs, targets = x[batch], y[batch]
        logits = model(inputs)
        loss = functional.cross_entropy(logits, targets, label_smoothing=0.1)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += functional.cross_entropy(logits.detach(), targets) * len(batch)
        right += (logits.detach().argmax(dim=1) == targets).sum()
    return float(loss_sum) / len(x), float(right) / len(x)
