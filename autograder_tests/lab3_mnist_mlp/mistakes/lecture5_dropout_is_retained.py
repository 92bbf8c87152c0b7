"""dropout is taken as the probability to keep a unit, as lecture 5 words it."""

import itertools

from torch import nn

CAUGHT_BY = ("network_dropout",)
HINT = "What is the argument of torch.nn.Dropout the probability of?"
LECTURE = "lecture 5, Overfitting"


def build_mlp(n_in, hidden, n_classes, dropout=0.0, batch_norm=False):
    sizes = [n_in, *([hidden] if isinstance(hidden, int) else hidden)]
    layers = []
    for size, next_size in itertools.pairwise(sizes):
        layers.append(affine(size, next_size))
        if batch_norm:
            layers.append(nn.BatchNorm1d(next_size))
        layers.append(nn.ReLU())
        if dropout:
            layers.append(nn.Dropout(1.0 - dropout))
    return nn.Sequential(*layers, affine(sizes[-1], n_classes))
