"""Denoising stops after one epoch."""

import torch
from torch import Tensor, nn

CAUGHT_BY = ("denoising_steps",)
HINT = "How often does it go through the data?"
LECTURE = "lecture 3, Data augmentation"


def fit_denoising(
    x: Tensor,
    noise: float,
    *,
    code: int = 32,
    hidden: int | None = 256,
    epochs: int,
    batch_size: int,
    learning_rate: float,
    seed: int = 0,
    device: str = "cpu",
) -> Autoencoder:
    torch.manual_seed(seed)
    model = build_autoencoder(x.shape[1], code, hidden).to(device)
    generator = torch.Generator().manual_seed(seed)
    x = x.to(device)

    def corrupted() -> list[tuple[Tensor, Tensor]]:
        clean = x[torch.randperm(len(x), generator=generator).to(device)]
        draws = torch.randn(x.shape, generator=generator).to(device)
        noisy = clean + noise * draws
        return list(zip(noisy.split(batch_size), clean.split(batch_size), strict=True))

    steps = epochs * batch_count(len(x), batch_size)
    train(model, (corrupted() for _ in range(min(epochs, 1))), steps, learning_rate)
    return model.to("cpu")
