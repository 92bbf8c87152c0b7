"""build_mlp makes one hidden layer, however many are asked for."""

import itertools

from torch import nn

CAUGHT_BY = ("network_structure",)
HINT = "How many layers does [7, 11] ask for?"
LECTURE = "lecture 1, Network architecture"


def build_mlp(n_in, hidden, n_classes, dropout=0.0, batch_norm=False):
    sizes = [n_in, *([hidden] if isinstance(hidden, int) else hidden)]
    layers = []
    sizes = sizes[:2]
    for size, next_size in itertools.pairwise(sizes):
        layers.append(affine(size, next_size))
        if batch_norm:
            layers.append(nn.BatchNorm1d(next_size))
        layers.append(nn.ReLU())
        if dropout:
            layers.append(nn.Dropout(dropout))
    return nn.Sequential(*layers, affine(sizes[-1], n_classes))
