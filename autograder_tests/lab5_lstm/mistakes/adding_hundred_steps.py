"""Training stops after 100 steps, when the network still answers 1 to everything."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

CAUGHT_BY = ("adding_solved",)
HINT = "Print the loss every 100 steps."
LECTURE = "lecture 2, RNN: limit"


def fit_adding(
    length: int, *, steps: int = 1000, seed: int = 0, device: str = "cpu"
) -> tuple[nn.Module, list[float]]:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = build_lstm_classifier(2, 32, 1).to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(min(steps, 100)):
        x, target = (torch.from_numpy(array).to(device) for array in adding_batch(length, 64, rng))
        loss = functional.mse_loss(model(x)[:, 0], target)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return model, losses
