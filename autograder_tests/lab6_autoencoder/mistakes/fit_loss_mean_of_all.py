"""The loss is a mean over the features too."""

import torch
from torch import Tensor, nn

CAUGHT_BY = ("fit_steps",)
HINT = "Adam hides the scale of a loss. The history does not."
LECTURE = "lecture 3, Autoencoders"


def half_squared_error(y: Tensor, target: Tensor) -> Tensor:
    """Half of the squared distance, summed over the features, averaged over the examples."""
    return 0.5 * (y - target).square().mean()
