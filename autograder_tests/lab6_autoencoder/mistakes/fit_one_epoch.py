"""Training stops after one epoch."""

import torch
from torch import Tensor, nn

CAUGHT_BY = ("train_linear", "train_nonlinear")
HINT = "How many numbers does the history have?"
LECTURE = "lecture 3, Gradient-based approach"


def fit(
    model: nn.Module,
    x: Tensor,
    target: Tensor | None = None,
    *,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    seed: int = 0,
    device: str = "cpu",
) -> list[float]:
    generator = torch.Generator().manual_seed(seed)
    x = x.to(device)
    target = x if target is None else target.to(device)

    def shuffled() -> list[tuple[Tensor, Tensor]]:
        order = torch.randperm(len(x), generator=generator).to(device)
        return list(zip(x[order].split(batch_size), target[order].split(batch_size), strict=True))

    steps = min(epochs, 1) * batch_count(len(x), batch_size)
    history = train(
        model.to(device), (shuffled() for _ in range(min(epochs, 1))), steps, learning_rate
    )
    model.to("cpu")
    return history
