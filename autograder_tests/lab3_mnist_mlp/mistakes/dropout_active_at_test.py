"""Units are switched off at test time too."""

import itertools

from torch import nn
from torch.nn import functional

CAUGHT_BY = ("network_dropout", "validation_apart")
HINT = "Predict the same image twice. Is it the same?"
LECTURE = "lecture 3, Dropout"


class AlwaysDropout(nn.Module):
    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def forward(self, x):
        return functional.dropout(x, self.rate, training=True)


def build_mlp(n_in, hidden, n_classes, dropout=0.0, batch_norm=False):
    sizes = [n_in, *([hidden] if isinstance(hidden, int) else hidden)]
    layers = []
    for size, next_size in itertools.pairwise(sizes):
        layers.append(affine(size, next_size))
        if batch_norm:
            layers.append(nn.BatchNorm1d(next_size))
        layers.append(nn.ReLU())
        if dropout:
            layers.append(AlwaysDropout(dropout))
    return nn.Sequential(*layers, affine(sizes[-1], n_classes))
