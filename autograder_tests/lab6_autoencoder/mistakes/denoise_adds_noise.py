"""denoise corrupts its input once more."""

import torch
from torch import Tensor, nn

CAUGHT_BY = ("denoising_steps",)
HINT = "denoise gets images that are noisy already."
LECTURE = "lecture 3, Data augmentation"


@torch.no_grad()
def denoise(model: nn.Module, x: Tensor) -> Tensor:
    return model(x + 0.25 * torch.randn(x.shape))
