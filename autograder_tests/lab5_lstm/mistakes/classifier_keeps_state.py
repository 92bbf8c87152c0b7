"""The state of one batch is kept and starts the next one."""

import torch
from torch import nn

CAUGHT_BY = ("classifier_structure",)
HINT = "Ask the same model the same question twice."
LECTURE = "lecture 2, RNN: loop unrolling"


class WrongClassifier(LSTMClassifier):
    def __init__(self, n_in: int, hidden: int, n_classes: int) -> None:
        super().__init__(n_in, hidden, n_classes)
        self.state = None

    def forward(self, x: Tensor, lengths: Tensor | None = None) -> Tensor:
        if lengths is not None:
            return super().forward(x, lengths)
        same = self.state is not None and self.state[0].shape[1] == len(x)
        outputs, state = self.lstm(x, self.state if same else None)
        self.state = tuple(part.detach() for part in state)
        return self.out(outputs[:, -1])


def build_lstm_classifier(n_in: int, hidden: int, n_classes: int) -> nn.Module:
    return WrongClassifier(n_in, hidden, n_classes)
