"""The sequences are sorted by length and the answers not sorted back."""

import torch
from torch import nn

CAUGHT_BY = ("classifier_lengths",)
HINT = "Are the answers in the order of the questions?"
LECTURE = "lecture 2, RNN: loop unrolling"


class WrongClassifier(LSTMClassifier):
    def __init__(self, n_in: int, hidden: int, n_classes: int) -> None:
        super().__init__(n_in, hidden, n_classes)
        self.state = None

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        if lengths is None:
            return super().forward(x)
        order = lengths.argsort(descending=True)
        return super().forward(x[order], lengths[order])


def build_lstm_classifier(n_in: int, hidden: int, n_classes: int) -> nn.Module:
    return WrongClassifier(n_in, hidden, n_classes)
