"""evaluate and predict run the network in whatever mode it is in.

Dropout and batch normalisation behave as in training: accuracy hardly shows it.
"""

import torch

CAUGHT_BY = ("evaluate_mode", "validation_apart")
HINT = "Does an example's prediction depend on the others beside it?"
LECTURE = "lecture 5, Batch normalization"


@torch.no_grad()
def logits_of(model, x):
    device = next(model.parameters()).device
    return torch.cat([model(chunk.to(device)) for chunk in x.split(4096)])
