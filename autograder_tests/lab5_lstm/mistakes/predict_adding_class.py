"""A class is returned instead of a number."""

import torch
from torch import nn

CAUGHT_BY = ("adding_predict",)
HINT = "Which of one class is the most probable?"
LECTURE = "lecture 2, RNN: limit"


@torch.no_grad()
def predict_adding(model: nn.Module, x: Tensor) -> Tensor:
    return predict(model, x).float()
