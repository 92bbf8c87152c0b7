"""Probabilities come back instead of class indices."""

import torch
from torch import nn

CAUGHT_BY = ("predict_labels",)
HINT = "One whole number for each example."
LECTURE = "lecture 2, LSTM"


@torch.no_grad()
def predict(model: nn.Module, x: Tensor, lengths: Tensor | None = None) -> Tensor:
    return torch.softmax(model(x, lengths), dim=1).max(dim=1).values
