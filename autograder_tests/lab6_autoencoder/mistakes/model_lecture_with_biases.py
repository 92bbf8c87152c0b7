"""The lecture's autoencoder has biases that the slide does not have."""

import torch
from torch import Tensor, nn

CAUGHT_BY = ("model_structure",)
HINT = "Which letters stand in y = D s(W x)?"
LECTURE = "lecture 3, Autoencoders"


def build_autoencoder(
    n_in: int,
    code: int,
    hidden: int | None = None,
    linear: bool = False,
) -> Autoencoder:
    if linear:
        # The two biases let the model subtract the mean and add it again, as PCA does.
        return Autoencoder(nn.Linear(n_in, code), nn.Linear(code, n_in))
    if hidden is None:
        encoder = nn.Sequential(nn.Linear(n_in, code), nn.Sigmoid())
        return Autoencoder(encoder, nn.Linear(code, n_in))
    # No ReLU on the code or on the output: half of all values could never be reached.
    return Autoencoder(
        nn.Sequential(nn.Linear(n_in, hidden), nn.ReLU(), nn.Linear(hidden, code)),
        nn.Sequential(nn.Linear(code, hidden), nn.ReLU(), nn.Linear(hidden, n_in)),
    )
