"""encode subtracts the mean of the batch it gets."""

import torch
from torch import Tensor, nn

CAUGHT_BY = ("model_structure", "model_code_only")
HINT = "Does the code of an image depend on the other images of the batch?"
LECTURE = "lecture 3, Autoencoders"


@torch.no_grad()
def encode(model: Autoencoder, x: Tensor) -> Tensor:
    return model.encoder(x - x.mean(dim=0))
