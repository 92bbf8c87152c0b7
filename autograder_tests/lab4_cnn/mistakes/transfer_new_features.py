"""The features are new ones: what the model has learned is lost."""

import copy

from torch import nn

CAUGHT_BY = ("transfer_frozen",)
HINT = "Does the new model have the old one's weights?"
LECTURE = "lecture 2, Transfer learning"


def transfer(model, n_classes):
    *features, last = copy.deepcopy(model)
    for layer in features:
        if hasattr(layer, "reset_parameters"):
            layer.reset_parameters()
    return Transferred(nn.Sequential(*features), nn.Linear(last.in_features, n_classes))
