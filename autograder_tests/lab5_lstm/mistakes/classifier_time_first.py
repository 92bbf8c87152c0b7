"""batch_first is missing: the LSTM takes examples for steps."""

import torch
from torch import nn

CAUGHT_BY = (
    "classifier_structure",
    "classifier_lengths",
)
HINT = "Which axis does nn.LSTM take for time?"
LECTURE = "lecture 2, LSTM"


class WrongClassifier(LSTMClassifier):
    def __init__(self, n_in: int, hidden: int, n_classes: int) -> None:
        super().__init__(n_in, hidden, n_classes)
        self.lstm.batch_first = False

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        outputs, _ = self.lstm(x)
        if lengths is None:
            return self.out(outputs[:, -1])
        return self.out(outputs[torch.arange(len(x)), lengths - 1])


def build_lstm_classifier(n_in: int, hidden: int, n_classes: int) -> nn.Module:
    return WrongClassifier(n_in, hidden, n_classes)
