"""A plain RNN is trained: its gradient vanishes long before step 1, and it answers 1 every time."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional

CAUGHT_BY = ("adding_solved",)
HINT = "Which of the two recurrent networks can carry a number over 50 steps?"
LECTURE = "lecture 2, RNN: limit"


class PlainRNN(nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.rnn, self.out = nn.RNN(2, 32, batch_first=True), nn.Linear(32, 1)

    def forward(self, x: Tensor) -> Tensor:
        outputs, _ = self.rnn(x)
        return self.out(outputs[:, -1])


def fit_adding(
    length: int, *, steps: int = 1000, seed: int = 0, device: str = "cpu"
) -> tuple[nn.Module, list[float]]:
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = PlainRNN().to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-2)
    losses = []
    for _ in range(steps):
        x, target = (torch.from_numpy(array).to(device) for array in adding_batch(length, 64, rng))
        loss = functional.mse_loss(model(x)[:, 0], target)
        optimizer.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    return model, losses
