"""Only the first 1,024 examples are answered."""

import torch
from torch import nn

CAUGHT_BY = ("predict_labels",)
HINT = "Are there as many answers as examples?"
LECTURE = "lecture 2, LSTM"


@torch.no_grad()
def predict(model: nn.Module, x: Tensor, lengths: Tensor | None = None) -> Tensor:
    return model(x[:1024], None if lengths is None else lengths[:1024]).argmax(dim=1)
