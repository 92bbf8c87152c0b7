"""The LSTM has two layers; one was asked for."""

import torch
from torch import nn

CAUGHT_BY = (
    "classifier_structure",
    "classifier_form",
)
HINT = "Print the names in model.state_dict()."
LECTURE = "lecture 2, LSTM"


class WrongClassifier(LSTMClassifier):
    def __init__(self, n_in: int, hidden: int, n_classes: int) -> None:
        super().__init__(n_in, hidden, n_classes)
        self.lstm = nn.LSTM(n_in, hidden, num_layers=2, batch_first=True)

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        return super().forward(x, lengths)


def build_lstm_classifier(n_in: int, hidden: int, n_classes: int) -> nn.Module:
    return WrongClassifier(n_in, hidden, n_classes)
