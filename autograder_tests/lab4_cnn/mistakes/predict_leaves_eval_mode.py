"""predict leaves the model in evaluation mode, whatever it was in."""

import torch

CAUGHT_BY = ("predict_modes",)
HINT = "Print model.training before and after."
LECTURE = "lecture 5, Batch normalization"


@torch.no_grad()
def predict(model, x):
    was_training = model.training
    model.eval()
    labels = model(x.to(next(model.parameters()).device)).argmax(dim=1).cpu()
    return labels
