"""The old last layer stays: there are as many logits as before."""

import copy

from torch import nn

CAUGHT_BY = ("transfer_frozen",)
HINT = "How many logits does the new model give?"
LECTURE = "lecture 2, Transfer learning"


def transfer(model, n_classes):
    *features, last = copy.deepcopy(model)
    return Transferred(nn.Sequential(*features), last)
