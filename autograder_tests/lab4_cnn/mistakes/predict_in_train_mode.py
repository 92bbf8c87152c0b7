"""predict leaves the model in training mode: batch norm uses the test images' statistics."""

import torch

CAUGHT_BY = ("predict_modes",)
HINT = "Compare predict(model, x)[:8] with predict(model, x[:8])."
LECTURE = "lecture 5, Batch normalization"


@torch.no_grad()
def predict(model, x):
    was_training = model.training
    model.train()
    labels = model(x.to(next(model.parameters()).device)).argmax(dim=1).cpu()
    model.train(was_training)
    return labels
