"""The decoder is the transposed encoder: one weight matrix for both."""

import torch
from torch import Tensor, nn

CAUGHT_BY = ("model_structure",)
HINT = "How many weight matrices does the slide have?"
LECTURE = "lecture 3, Autoencoders"


class Tied(nn.Module):
    def __init__(self, code: nn.Linear) -> None:
        super().__init__()
        self.code = code

    def encoder(self, x: Tensor) -> Tensor:
        return torch.sigmoid(self.code(x))

    def decoder(self, z: Tensor) -> Tensor:
        return z @ self.code.weight

    def forward(self, x: Tensor) -> Tensor:
        return self.decoder(self.encoder(x))


_build_untied = build_autoencoder


def build_autoencoder(
    n_in: int, code: int, hidden: int | None = None, linear: bool = False
) -> nn.Module:
    if linear or hidden is not None:
        return _build_untied(n_in, code, hidden, linear)
    return Tied(nn.Linear(n_in, code, bias=False))
