"""The velocity is lecture 3's average, 0.9 v + 0.1 g, instead of 0.9 v + g."""

import torch

CAUGHT_BY = ("steps_momentum",)
HINT = "How long is the first step: a whole gradient, or a tenth of it?"
LECTURE = "lecture 3, Momentum"


def make_optimizer(name, parameters, learning_rate):
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=learning_rate)
    if name == "momentum":
        return torch.optim.SGD(parameters, lr=0.1 * learning_rate, momentum=0.9)
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=learning_rate, alpha=0.9, eps=1e-7)
    return torch.optim.Adam(parameters, lr=learning_rate)
