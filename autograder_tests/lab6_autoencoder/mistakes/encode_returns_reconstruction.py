"""encode returns the reconstruction, not the code."""

import torch
from torch import Tensor, nn

CAUGHT_BY = ("code_width", "model_code_only")
HINT = "How many numbers should a code have?"
LECTURE = "lecture 3, Autoencoders"


@torch.no_grad()
def encode(model: Autoencoder, x: Tensor) -> Tensor:
    return model(x)
