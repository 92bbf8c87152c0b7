"""The running statistics move by a hundredth a batch, as in Keras, not by a tenth."""

import itertools

from torch import nn

CAUGHT_BY = ("network_batch_norm",)
HINT = "PyTorch's momentum is the share of the new value."
LECTURE = "lecture 5, Batch normalization"


def build_mlp(n_in, hidden, n_classes, dropout=0.0, batch_norm=False):
    sizes = [n_in, *([hidden] if isinstance(hidden, int) else hidden)]
    layers = []
    for size, next_size in itertools.pairwise(sizes):
        layers.append(affine(size, next_size))
        if batch_norm:
            layers.append(nn.BatchNorm1d(next_size, momentum=0.01))
        layers.append(nn.ReLU())
        if dropout:
            layers.append(nn.Dropout(dropout))
    return nn.Sequential(*layers, affine(sizes[-1], n_classes))
