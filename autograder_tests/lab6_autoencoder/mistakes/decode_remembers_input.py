"""decode answers for the images that encode saw last, whatever codes it gets."""

import torch
from torch import Tensor, nn

CAUGHT_BY = ("model_code_only",)
HINT = "What does decode know besides the codes?"
LECTURE = "lecture 3, Autoencoders"


_seen: list[Tensor] = []


@torch.no_grad()
def encode(model: nn.Module, x: Tensor) -> Tensor:
    _seen[:] = [x]
    return model.encoder(x)


@torch.no_grad()
def decode(model: nn.Module, z: Tensor) -> Tensor:
    is_theirs = _seen and len(_seen[0]) == len(z)
    return model(_seen[0]) if is_theirs else model.decoder(z)
