"""The forget gate starts with a bias near 0 and forgets half of the cell at every step."""

import torch
from torch import nn

CAUGHT_BY = ("classifier_form",)
HINT = "What share of the cell is left after 50 steps with a gate of 0.5?"
LECTURE = "lecture 2, LSTM in practice"


class WrongClassifier(LSTMClassifier):
    def __init__(self, n_in: int, hidden: int, n_classes: int) -> None:
        super().__init__(n_in, hidden, n_classes)
        with torch.no_grad():
            self.lstm.bias_ih_l0.uniform_(-0.1, 0.1)
            self.lstm.bias_hh_l0.uniform_(-0.1, 0.1)

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        return super().forward(x, lengths)


def build_lstm_classifier(n_in: int, hidden: int, n_classes: int) -> nn.Module:
    return WrongClassifier(n_in, hidden, n_classes)
