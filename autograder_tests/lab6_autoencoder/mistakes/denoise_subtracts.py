"""denoise returns the noise it found instead of the clean image."""

import torch
from torch import Tensor, nn

CAUGHT_BY = ("denoising_steps",)
HINT = "What does the model answer with?"
LECTURE = "lecture 3, Data augmentation"


@torch.no_grad()
def denoise(model: nn.Module, x: Tensor) -> Tensor:
    return x - model(x)
