"""build_mlp has no ReLU: two affine layers in a row are one."""

import itertools

from torch import nn

CAUGHT_BY = ("network_structure",)
HINT = "What makes two layers more than one?"
LECTURE = "lecture 5, Activation functions"


def build_mlp(n_in, hidden, n_classes, dropout=0.0, batch_norm=False):
    sizes = [n_in, *([hidden] if isinstance(hidden, int) else hidden)]
    layers = []
    for size, next_size in itertools.pairwise(sizes):
        layers.append(affine(size, next_size))
        if batch_norm:
            layers.append(nn.BatchNorm1d(next_size))
        if dropout:
            layers.append(nn.Dropout(dropout))
    return nn.Sequential(*layers, affine(sizes[-1], n_classes))
