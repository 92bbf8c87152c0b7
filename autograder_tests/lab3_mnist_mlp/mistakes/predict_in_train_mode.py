"""predict runs the network in whatever mode it is in."""

import torch

CAUGHT_BY = ("evaluate_mode",)
HINT = "Does an example's prediction depend on the others beside it?"
LECTURE = "lecture 5, Batch normalization"


@torch.no_grad()
def predict(model, x):
    return model(x.to(next(model.parameters()).device)).argmax(dim=1)
