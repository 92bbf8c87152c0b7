"""Every step takes all examples."""

import torch
from torch import Tensor, nn

CAUGHT_BY = ("fit_batches",)
HINT = "What is batch_size for?"
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
        return [(x[order], target[order])]

    steps = epochs * 1
    history = train(model.to(device), (shuffled() for _ in range(epochs)), steps, learning_rate)
    model.to("cpu")
    return history
