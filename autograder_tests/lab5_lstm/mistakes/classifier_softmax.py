"""The model ends in a softmax; logits were asked for."""

import torch
from torch import nn

CAUGHT_BY = (
    "classifier_structure",
    "classifier_lengths",
)
HINT = "Do the answers of an example add up to 1?"
LECTURE = "lecture 2, LSTM"


class WrongClassifier(LSTMClassifier):
    def __init__(self, n_in: int, hidden: int, n_classes: int) -> None:
        super().__init__(n_in, hidden, n_classes)
        self.state = None

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        return torch.softmax(super().forward(x, lengths), dim=1)


def build_lstm_classifier(n_in: int, hidden: int, n_classes: int) -> nn.Module:
    return WrongClassifier(n_in, hidden, n_classes)
