"""The lengths are not passed on to the model."""

import torch
from torch import nn

CAUGHT_BY = ("predict_labels",)
HINT = "Which arguments does the model get in predict?"
LECTURE = "lecture 2, RNN: loop unrolling"


@torch.no_grad()
def predict(model: nn.Module, x: Tensor, lengths: Tensor | None = None) -> Tensor:
    return model(x).argmax(dim=1)
