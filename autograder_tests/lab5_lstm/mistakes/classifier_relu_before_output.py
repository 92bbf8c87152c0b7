"""There is a ReLU between the LSTM and the affine layer."""

import torch
from torch import nn

CAUGHT_BY = ("classifier_structure",)
HINT = "A hidden state between -1 and 1: what does ReLU leave of it?"
LECTURE = "lecture 2, LSTM"


class WrongClassifier(LSTMClassifier):
    def __init__(self, n_in: int, hidden: int, n_classes: int) -> None:
        super().__init__(n_in, hidden, n_classes)
        self.state = None

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        outputs, _ = self.lstm(x)
        return self.out(outputs[:, -1].relu()) if lengths is None else super().forward(x, lengths)


def build_lstm_classifier(n_in: int, hidden: int, n_classes: int) -> nn.Module:
    return WrongClassifier(n_in, hidden, n_classes)
