"""The hidden linear layer goes on learning with the head."""

import copy

from torch import nn

CAUGHT_BY = ("transfer_frozen",)
HINT = "All but the new last layer is frozen."
LECTURE = "lecture 2, Transfer learning"


def transfer(model, n_classes):
    *features, last = copy.deepcopy(model)
    head = nn.Linear(last.in_features, n_classes)
    new = Transferred(nn.Sequential(*features), head)
    for layer in features:
        if isinstance(layer, nn.Linear):
            layer.requires_grad_(requires_grad=True)
    return new
