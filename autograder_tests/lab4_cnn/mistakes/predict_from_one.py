"""predict counts classes from 1."""

import torch

CAUGHT_BY = ("predict_modes",)
HINT = "The labels are 0 to 9."
LECTURE = "lecture 5, Batch normalization"


@torch.no_grad()
def predict(model, x):
    was_training = model.training
    model.eval()
    labels = model(x.to(next(model.parameters()).device)).argmax(dim=1).cpu() + 1
    model.train(was_training)
    return labels
