"""The accuracy in the history is measured after each step, on the batch just learned."""

import torch
from torch.nn import functional

CAUGHT_BY = ("history_exact",)
HINT = "The prediction that the loss came from, or a new one?"
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
        loss_sum += loss.detach() * len(batch)
        right += (model(inputs).detach().argmax(dim=1) == targets).sum()
    return float(loss_sum) / len(x), float(right) / len(x)
