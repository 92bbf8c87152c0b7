"""build_mlp ignores dropout."""

import itertools

from torch import nn

CAUGHT_BY = ("network_dropout",)
HINT = "Where does the argument dropout go?"
LECTURE = "lecture 3, Dropout"


def build_mlp(n_in, hidden, n_classes, dropout=0.0, batch_norm=False):
    sizes = [n_in, *([hidden] if isinstance(hidden, int) else hidden)]
    layers = []
    for size, next_size in itertools.pairwise(sizes):
        layers.append(affine(size, next_size))
        if batch_norm:
            layers.append(nn.BatchNorm1d(next_size))
        layers.append(nn.ReLU())
    return nn.Sequential(*layers, affine(sizes[-1], n_classes))
