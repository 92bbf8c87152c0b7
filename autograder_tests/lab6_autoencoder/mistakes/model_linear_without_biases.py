"""The linear autoencoder has no biases: it cannot subtract the mean."""

import torch
from torch import Tensor, nn

CAUGHT_BY = ("model_structure",)
HINT = "How does PCA treat the mean?"
LECTURE = "lecture 3, Autoencoders"


def build_autoencoder(
    n_in: int,
    code: int,
    hidden: int | None = None,
    linear: bool = False,
) -> Autoencoder:
    if linear:
        # The two biases let the model subtract the mean and add it again, as PCA does.
        return Autoencoder(nn.Linear(n_in, code, bias=False), nn.Linear(code, n_in, bias=False))
    if hidden is None:
        encoder = nn.Sequential(nn.Linear(n_in, code, bias=False), nn.Sigmoid())
        return Autoencoder(encoder, nn.Linear(code, n_in, bias=False))
    # No ReLU on the code or on the output: half of all values could never be reached.
    return Autoencoder(
        nn.Sequential(nn.Linear(n_in, hidden), nn.ReLU(), nn.Linear(hidden, code)),
        nn.Sequential(nn.Linear(code, hidden), nn.ReLU(), nn.Linear(hidden, n_in)),
    )
