"""The hidden state after the first step is used."""

import torch
from torch import nn

CAUGHT_BY = ("classifier_structure",)
HINT = "Which hidden state has seen the whole sequence?"
LECTURE = "lecture 2, LSTM"


class WrongClassifier(LSTMClassifier):
    def __init__(self, n_in: int, hidden: int, n_classes: int) -> None:
        super().__init__(n_in, hidden, n_classes)
        self.state = None

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        outputs, _ = self.lstm(x)
        return self.out(outputs[:, 0]) if lengths is None else super().forward(x, lengths)


def build_lstm_classifier(n_in: int, hidden: int, n_classes: int) -> nn.Module:
    return WrongClassifier(n_in, hidden, n_classes)
