"""The padding is set to zero, but the LSTM goes on reading it."""

import torch
from torch import nn

CAUGHT_BY = ("classifier_lengths",)
HINT = "What does an LSTM do with an input of zeros?"
LECTURE = "lecture 2, RNN: loop unrolling"


class WrongClassifier(LSTMClassifier):
    def __init__(self, n_in: int, hidden: int, n_classes: int) -> None:
        super().__init__(n_in, hidden, n_classes)
        self.state = None

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        if lengths is None:
            return super().forward(x)
        real = torch.arange(x.shape[1])[None, :, None] < lengths[:, None, None]
        return super().forward(x * real)


def build_lstm_classifier(n_in: int, hidden: int, n_classes: int) -> nn.Module:
    return WrongClassifier(n_in, hidden, n_classes)
