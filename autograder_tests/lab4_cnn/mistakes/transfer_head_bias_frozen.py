"""The new head learns its weights, but not its bias."""

import copy

from torch import nn

CAUGHT_BY = ("transfer_frozen",)
HINT = "Which parameters have requires_grad=True?"
LECTURE = "lecture 2, Transfer learning"


def transfer(model, n_classes):
    *features, last = copy.deepcopy(model)
    head = nn.Linear(last.in_features, n_classes)
    head.bias.requires_grad_(requires_grad=False)
    return Transferred(nn.Sequential(*features), head)
