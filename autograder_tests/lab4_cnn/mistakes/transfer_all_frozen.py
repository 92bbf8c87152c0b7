"""The new layer is frozen with the rest: nothing is left to learn."""

import copy

from torch import nn

CAUGHT_BY = ("transfer_frozen",)
HINT = "Which parameters still want a gradient after the freezing?"
LECTURE = "lecture 2, Transfer learning"


def transfer(model, n_classes):
    *features, last = copy.deepcopy(model)
    head = nn.Linear(last.in_features, n_classes)
    return Transferred(nn.Sequential(*features), head).requires_grad_(False)
