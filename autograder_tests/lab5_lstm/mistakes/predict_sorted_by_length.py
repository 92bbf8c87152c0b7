"""The examples are sorted by length and the answers not sorted back."""

import torch
from torch import nn

CAUGHT_BY = ("predict_labels",)
HINT = "Are the answers in the order of the questions?"
LECTURE = "lecture 2, RNN: loop unrolling"


@torch.no_grad()
def predict(model: nn.Module, x: Tensor, lengths: Tensor | None = None) -> Tensor:
    if lengths is not None:
        order = lengths.argsort(descending=True)
        x, lengths = x[order], lengths[order]
    return model(x, lengths).argmax(dim=1)
