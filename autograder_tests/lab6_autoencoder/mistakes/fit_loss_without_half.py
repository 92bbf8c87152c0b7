"""The loss has no factor one half."""

import torch
from torch import Tensor, nn

CAUGHT_BY = ("fit_steps",)
HINT = "Adam hides the scale of a loss. The history does not."
LECTURE = "lecture 3, Autoencoders"


def half_squared_error(y: Tensor, target: Tensor) -> Tensor:
    """Half of the squared distance, summed over the features, averaged over the examples."""
    return (y - target).square().sum(dim=1).mean()
