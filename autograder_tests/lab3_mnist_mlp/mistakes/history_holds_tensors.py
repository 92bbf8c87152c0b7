"""The history holds tensors instead of Python floats: each keeps the graph that made it."""

import torch
from torch.nn import functional

CAUGHT_BY = ("history_lengths",)
HINT = "What does type(history['loss'][0]) say? float(...) lets go of the graph."
LECTURE = "lecture 5, Definitions: learning curve"


def train_epoch(model, optimizer, x, y, batches):
    model.train()
    loss_sum = torch.zeros((), device=x.device)
    right = torch.zeros((), device=x.device)
    for batch in batches:
        inputs, targets = x[batch], y[batch]
        logits = model(inputs)
        loss = functional.cross_entropy(logits, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum = loss_sum + loss * len(batch)
        right += (logits.detach().argmax(dim=1) == targets).sum()
    return loss_sum / len(x), float(right) / len(x)
