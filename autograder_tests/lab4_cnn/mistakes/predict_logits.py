"""predict returns the largest logit instead of its index."""

import torch

CAUGHT_BY = ("predict_modes",)
HINT = "max or argmax?"
LECTURE = "lecture 5, Batch normalization"


@torch.no_grad()
def predict(model, x):
    was_training = model.training
    model.eval()
    labels = model(x.to(next(model.parameters()).device)).amax(dim=1).cpu()
    model.train(was_training)
    return labels
