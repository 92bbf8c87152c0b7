"""The networks end with a sigmoid, as in lecture 5's notebook."""

import itertools

from torch import nn

CAUGHT_BY = ("logits_not_probabilities", "network_structure")
HINT = "Ten classes that exclude each other: what turns logits into probabilities, and where?"
LECTURE = "lecture 5, Let's build our first NN"


def build_mlp(n_in, hidden, n_classes, dropout=0.0, batch_norm=False):
    sizes = [n_in, *([hidden] if isinstance(hidden, int) else hidden)]
    layers = []
    for size, next_size in itertools.pairwise(sizes):
        layers.append(affine(size, next_size))
        if batch_norm:
            layers.append(nn.BatchNorm1d(next_size))
        layers.append(nn.ReLU())
        if dropout:
            layers.append(nn.Dropout(dropout))
    return nn.Sequential(*layers, affine(sizes[-1], n_classes), nn.Sigmoid())


def build_softmax_regression(n_in, n_classes):
    return nn.Sequential(affine(n_in, n_classes), nn.Sigmoid())
