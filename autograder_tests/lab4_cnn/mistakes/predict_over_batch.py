"""predict looks for the largest logit over the batch instead of the classes."""

import torch

CAUGHT_BY = ("predict_modes",)
HINT = "One class for each image: which axis are the classes?"
LECTURE = "lecture 5, Batch normalization"


@torch.no_grad()
def predict(model, x):
    was_training = model.training
    model.eval()
    labels = model(x.to(next(model.parameters()).device)).argmax(dim=0).cpu()
    model.train(was_training)
    return labels
