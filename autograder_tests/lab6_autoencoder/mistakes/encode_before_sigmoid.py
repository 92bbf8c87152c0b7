"""encode returns the code before its sigmoid."""

import torch
from torch import Tensor, nn

CAUGHT_BY = ("model_structure",)
HINT = "The code is what the decoder gets."
LECTURE = "lecture 3, Autoencoders"


@torch.no_grad()
def encode(model: nn.Module, x: Tensor) -> Tensor:
    encoder = model.encoder
    return encoder[0](x) if isinstance(encoder, nn.Sequential) and len(encoder) == 2 else encoder(x)
