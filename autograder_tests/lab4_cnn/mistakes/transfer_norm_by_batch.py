"""The running statistics are frozen with momentum 0, but batch norm still normalises by the batch."""

import copy

from torch import nn

CAUGHT_BY = ("transfer_frozen",)
HINT = "Does an image's answer in training mode depend on the other images?"
LECTURE = "lecture 2, Transfer learning"


def transfer(model, n_classes):
    *features, last = copy.deepcopy(model)
    head = nn.Linear(last.in_features, n_classes)
    frozen = nn.Sequential(*features).requires_grad_(requires_grad=False)
    for layer in frozen:
        if isinstance(layer, nn.BatchNorm2d):
            layer.momentum = 0.0
    return nn.Sequential(frozen, head)
