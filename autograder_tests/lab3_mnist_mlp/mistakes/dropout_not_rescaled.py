"""Units that stay are not rescaled while training."""

import itertools

import torch
from torch import nn

CAUGHT_BY = ("network_dropout",)
HINT = "On average a unit should give the next layer as much as at test time."
LECTURE = "lecture 3, Dropout"


class PlainDropout(nn.Module):
    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def forward(self, x):
        return x * (torch.rand_like(x) >= self.rate) if self.training else x


def build_mlp(n_in, hidden, n_classes, dropout=0.0, batch_norm=False):
    sizes = [n_in, *([hidden] if isinstance(hidden, int) else hidden)]
    layers = []
    for size, next_size in itertools.pairwise(sizes):
        layers.append(affine(size, next_size))
        if batch_norm:
            layers.append(nn.BatchNorm1d(next_size))
        layers.append(nn.ReLU())
        if dropout:
            layers.append(PlainDropout(dropout))
    return nn.Sequential(*layers, affine(sizes[-1], n_classes))
