"""Each batch makes two steps with the same gradient.

Test accuracy does not show it.
"""

import torch
from torch.nn import functional

CAUGHT_BY = ("steps_sgd", "fit_worked")
HINT = "How often does step() run for one batch?"
LECTURE = "lecture 1, Mini-Batch Stochastic Gradient Descent"


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
        optimizer.step()
        loss_sum += loss.detach() * len(batch)
        right += (logits.detach().argmax(dim=1) == targets).sum()
    return float(loss_sum) / len(x), float(right) / len(x)
