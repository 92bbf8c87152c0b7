"""The affine layer gets the last cell instead of the last hidden state."""

import torch
from torch import nn

CAUGHT_BY = ("classifier_structure",)
HINT = "nn.LSTM returns outputs and a pair. What is in the pair?"
LECTURE = "lecture 2, LSTM"


class WrongClassifier(LSTMClassifier):
    def __init__(self, n_in: int, hidden: int, n_classes: int) -> None:
        super().__init__(n_in, hidden, n_classes)
        self.state = None

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        _, (hidden, cell) = self.lstm(x)
        return self.out(cell[-1]) if lengths is None else super().forward(x, lengths)


def build_lstm_classifier(n_in: int, hidden: int, n_classes: int) -> nn.Module:
    return WrongClassifier(n_in, hidden, n_classes)
