"""The answer goes through a sigmoid and cannot exceed 1."""

import torch
from torch import nn

CAUGHT_BY = ("adding_predict",)
HINT = "How large can the sum of two numbers below 1 be?"
LECTURE = "lecture 2, RNN: limit"


@torch.no_grad()
def predict_adding(model: nn.Module, x: Tensor) -> Tensor:
    return model(x)[:, 0].sigmoid()
