"""The weights are frozen, but batch norm goes on remembering: fit switches it to training."""

import copy

from torch import nn

CAUGHT_BY = ("transfer_frozen",)
HINT = "Running statistics are no parameters: requires_grad does not stop them. What does?"
LECTURE = "lecture 2, Transfer learning"


def transfer(model, n_classes):
    *features, last = copy.deepcopy(model)
    head = nn.Linear(last.in_features, n_classes)
    frozen = nn.Sequential(*features).requires_grad_(requires_grad=False)
    return nn.Sequential(frozen, head)
