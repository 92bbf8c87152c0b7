"""The gradients of all steps pile up."""

from collections.abc import Iterable

import torch
from torch import Tensor, nn

CAUGHT_BY = ("fit_steps", "fit_batches")
HINT = "What is in the gradients before backward?"
LECTURE = "lecture 3, Gradient-based approach"


def train(
    model: nn.Module,
    epochs: Iterable[list[tuple[Tensor, Tensor]]],
    steps: int,
    learning_rate: float,
) -> list[float]:
    """Make one Adam step for each batch (x, target) of each epoch; steps is their number in all.

    Returns:
        For each epoch, the mean loss of an example.
    """
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1.0 - step / max(steps, 1))
    history = []
    for batches in epochs:
        losses = []
        for x, target in batches:
            loss = half_squared_error(model(x), target)
            loss.backward()
            optimizer.step()
            schedule.step()
            losses.append(len(x) * loss.detach())
        history.append(float(sum(losses)) / sum(len(x) for x, _ in batches))
    return history
