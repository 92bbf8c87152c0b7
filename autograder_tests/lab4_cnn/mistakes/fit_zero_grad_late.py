"""zero_grad stands between backward and step: what backward found is thrown away, nothing moves."""

import math

import torch
from torch.nn import functional as F

CAUGHT_BY = ("fit_steps",)
HINT = "What does the step see: which of the three calls comes first, which last?"
LECTURE = "lecture 2, Practical Gradient Descent"


def fit(model, x, y, *, epochs, batch_size=128, learning_rate=3e-3, seed=0, device="cpu"):
    torch.manual_seed(seed)
    model.to(device).train()
    x, y = x.to(device), y.to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    n, step = len(x), 0
    total = epochs * math.ceil(n / batch_size)
    history = {"loss": [], "accuracy": []}
    for epoch in range(epochs):
        loss_sum, right = 0.0, 0
        for batch in torch.randperm(n).split(batch_size):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate * (1 - step / total)
            logits = model(x[batch])
            loss = F.cross_entropy(logits, y[batch])
            loss.backward()
            optimizer.zero_grad()
            optimizer.step()
            step += 1
            loss_sum += loss.item() * len(batch)
            right += (logits.argmax(dim=1) == y[batch]).sum().item()
        history["loss"].append(loss_sum / n)
        history["accuracy"].append(right / n)
    return history
