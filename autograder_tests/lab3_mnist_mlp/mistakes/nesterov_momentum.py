"""Nesterov's momentum instead of the plain one."""

import torch

CAUGHT_BY = ("steps_momentum",)
HINT = "The first step of plain momentum is a plain step."
LECTURE = "lecture 3, Momentum"


def make_optimizer(name, parameters, learning_rate):
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=learning_rate)
    if name == "momentum":
        return torch.optim.SGD(parameters, lr=learning_rate, momentum=0.9, nesterov=True)
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=learning_rate, alpha=0.9, eps=1e-7)
    return torch.optim.Adam(parameters, lr=learning_rate)
