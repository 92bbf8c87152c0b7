"""RMSprop with a momentum of 0.9 on top."""

import torch

CAUGHT_BY = ("steps_rmsprop",)
HINT = "Has the step a memory of its own, besides the average of squares?"
LECTURE = "lecture 1, Compilation step"


def make_optimizer(name, parameters, learning_rate):
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=learning_rate)
    if name == "momentum":
        return torch.optim.SGD(parameters, lr=learning_rate, momentum=0.9)
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=learning_rate, alpha=0.9, eps=1e-7, momentum=0.9)
    return torch.optim.Adam(parameters, lr=learning_rate)
