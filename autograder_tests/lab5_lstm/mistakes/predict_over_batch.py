"""The largest value is looked for over the examples instead of over the classes."""

import torch
from torch import nn

CAUGHT_BY = ("predict_labels",)
HINT = "Which axis of the logits are the classes?"
LECTURE = "lecture 2, LSTM"


@torch.no_grad()
def predict(model: nn.Module, x: Tensor, lengths: Tensor | None = None) -> Tensor:
    return model(x, lengths).argmax(dim=0)
