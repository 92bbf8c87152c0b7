"""The answers come back as a column (n, 1)."""

import torch
from torch import nn

CAUGHT_BY = ("adding_predict",)
HINT = "What is the shape of the model's answer, and of yours?"
LECTURE = "lecture 2, RNN: limit"


@torch.no_grad()
def predict_adding(model: nn.Module, x: Tensor) -> Tensor:
    return model(x)
