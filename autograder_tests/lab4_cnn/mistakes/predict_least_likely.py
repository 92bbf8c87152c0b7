"""predict names the class with the smallest logit."""

import torch

CAUGHT_BY = ("predict_modes",)
HINT = "Which logit belongs to the most probable class?"
LECTURE = "lecture 5, Batch normalization"


@torch.no_grad()
def predict(model, x):
    was_training = model.training
    model.eval()
    labels = model(x.to(next(model.parameters()).device)).argmin(dim=1).cpu()
    model.train(was_training)
    return labels
