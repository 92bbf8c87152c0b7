"""Logits come back for every step instead of for the last one."""

import torch
from torch import nn

CAUGHT_BY = (
    "classifier_form",
    "classifier_structure",
)
HINT = "How many answers does a sequence get?"
LECTURE = "lecture 2, LSTM"


class WrongClassifier(LSTMClassifier):
    def __init__(self, n_in: int, hidden: int, n_classes: int) -> None:
        super().__init__(n_in, hidden, n_classes)
        self.state = None

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        outputs, _ = self.lstm(x)
        return self.out(outputs)


def build_lstm_classifier(n_in: int, hidden: int, n_classes: int) -> nn.Module:
    return WrongClassifier(n_in, hidden, n_classes)
