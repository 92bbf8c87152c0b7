"""The step after the last real one is read."""

import torch
from torch import nn

CAUGHT_BY = ("classifier_lengths",)
HINT = "Which index has the last of five steps?"
LECTURE = "lecture 2, RNN: loop unrolling"


class WrongClassifier(LSTMClassifier):
    def __init__(self, n_in: int, hidden: int, n_classes: int) -> None:
        super().__init__(n_in, hidden, n_classes)
        self.state = None

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        return super().forward(x, None if lengths is None else (lengths + 1).clamp(max=x.shape[1]))


def build_lstm_classifier(n_in: int, hidden: int, n_classes: int) -> nn.Module:
    return WrongClassifier(n_in, hidden, n_classes)
