"""The classes are counted from 1."""

import torch
from torch import nn

CAUGHT_BY = ("predict_labels",)
HINT = "Which number has the first class?"
LECTURE = "lecture 2, LSTM"


@torch.no_grad()
def predict(model: nn.Module, x: Tensor, lengths: Tensor | None = None) -> Tensor:
    return model(x, lengths).argmax(dim=1) + 1
