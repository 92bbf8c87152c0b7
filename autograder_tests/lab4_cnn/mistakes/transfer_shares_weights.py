"""The features are the old model's own layers, which are frozen with them."""

from torch import nn

CAUGHT_BY = ("transfer_frozen",)
HINT = "Two models that share a layer change together. How is a layer copied?"
LECTURE = "lecture 2, Transfer learning"


def transfer(model, n_classes):
    *features, last = model
    return Transferred(nn.Sequential(*features), nn.Linear(last.in_features, n_classes))
