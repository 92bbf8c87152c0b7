"""Only the examples are shuffled: they get each other's targets."""

import torch
from torch import Tensor, nn

CAUGHT_BY = ("fit_order",)
HINT = "Examples and targets must stay together."
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
        return list(zip(x[order].split(batch_size), target.split(batch_size), strict=True))

    steps = epochs * batch_count(len(x), batch_size)
    history = train(model.to(device), (shuffled() for _ in range(epochs)), steps, learning_rate)
    model.to("cpu")
    return history
