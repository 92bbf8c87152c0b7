"""The history is what the model answers after the epoch, not what it answered when each step was made."""

import math

import torch
from torch.nn import functional as F

CAUGHT_BY = ("fit_steps",)
HINT = "One epoch with one batch: was the loss taken before the step or after it?"
LECTURE = "lecture 5, Batch vs mini-batch Gradient Descent"


def fit(model, x, y, *, epochs, batch_size=128, learning_rate=3e-3, seed=0, device="cpu"):
    torch.manual_seed(seed)
    model.to(device).train()
    x, y = x.to(device), y.to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    n, step = len(x), 0
    total = epochs * math.ceil(n / batch_size)
    history = {"loss": [], "accuracy": []}
    for epoch in range(epochs):
        for batch in torch.randperm(n).split(batch_size):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate * (1 - step / total)
            logits = model(x[batch])
            loss = F.cross_entropy(logits, y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
        with torch.no_grad():
            logits = model(x)
        history["loss"].append(F.cross_entropy(logits, y).item())
        history["accuracy"].append((logits.argmax(dim=1) == y).double().mean().item())
    return history
