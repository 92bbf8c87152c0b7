"""evaluate and predict leave the network in train mode, however they found it."""

import torch

CAUGHT_BY = ("evaluate_mode",)
HINT = "In which mode was the network before? Put it back."
LECTURE = "lecture 5, Batch normalization"


@torch.no_grad()
def logits_of(model, x):
    device = next(model.parameters()).device
    model.eval()
    logits = torch.cat([model(chunk.to(device)) for chunk in x.split(4096)])
    model.train()
    return logits
