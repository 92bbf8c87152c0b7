"""RMSprop with eps 1e-8 instead of 1e-7."""

import torch

CAUGHT_BY = ("steps_rmsprop",)
HINT = "Which eps does the statement name?"
LECTURE = "lecture 1, Compilation step"


def make_optimizer(name, parameters, learning_rate):
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=learning_rate)
    if name == "momentum":
        return torch.optim.SGD(parameters, lr=learning_rate, momentum=0.9)
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=learning_rate, alpha=0.9)
    return torch.optim.Adam(parameters, lr=learning_rate)
