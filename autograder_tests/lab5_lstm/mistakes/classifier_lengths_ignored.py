"""The last step is read, which may be padding, instead of the last real one."""

import torch
from torch import nn

CAUGHT_BY = (
    "classifier_lengths",
    "fit_steps",
)
HINT = "Change the padding. Do the logits change?"
LECTURE = "lecture 2, RNN: loop unrolling"


class WrongClassifier(LSTMClassifier):
    def __init__(self, n_in: int, hidden: int, n_classes: int) -> None:
        super().__init__(n_in, hidden, n_classes)
        self.state = None

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        return super().forward(x)


def build_lstm_classifier(n_in: int, hidden: int, n_classes: int) -> nn.Module:
    return WrongClassifier(n_in, hidden, n_classes)
