"""The loss is the squared distance of the softmax from the one-hot labels.

Test accuracy does not show it.
"""

import torch
from torch.nn import functional

CAUGHT_BY = ("steps_sgd", "fit_worked")
HINT = "Which loss is a negative log likelihood?"
LECTURE = "lecture 5, Loss Functions"


def train_epoch(model, optimizer, x, y, batches):
    model.train()
    loss_sum = torch.zeros((), device=x.device)
    right = torch.zeros((), device=x.device)
    for batch in batches:
        inputs, targets = x[batch], y[batch]
        logits = model(inputs)
        loss = functional.mse_loss(logits.softmax(dim=1), one_hot(targets, logits.shape[1]))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += loss.detach() * len(batch)
        right += (logits.detach().argmax(dim=1) == targets).sum()
    return float(loss_sum) / len(x), float(right) / len(x)
