"""fit always uses RMSprop, whatever optimizer says."""

import torch

CAUGHT_BY = ("steps_sgd", "steps_momentum", "steps_adam")
HINT = "What does fit do with its argument optimizer?"
LECTURE = "lecture 1, Compilation step"


def make_optimizer(name, parameters, learning_rate):
    return torch.optim.RMSprop(parameters, lr=learning_rate, alpha=0.9, eps=1e-7)
