"""The answer is computed from the marks and not by the network."""

import torch
from torch import nn

CAUGHT_BY = ("adding_predict",)
HINT = "What does it answer before training?"
LECTURE = "lecture 2, RNN: limit"


@torch.no_grad()
def predict_adding(model: nn.Module, x: Tensor) -> Tensor:
    return (x[..., 0] * x[..., 1]).sum(dim=1)
