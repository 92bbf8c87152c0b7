"""Nothing is frozen: all weights go on learning."""

import copy

from torch import nn

CAUGHT_BY = ("transfer_frozen",)
HINT = "Which parameters have requires_grad=False?"
LECTURE = "lecture 2, Transfer learning"


def transfer(model, n_classes):
    *features, last = copy.deepcopy(model)
    head = nn.Linear(last.in_features, n_classes)
    return nn.Sequential(*features, head)
