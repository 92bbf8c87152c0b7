"""Only the last layer is trained.

28 random hidden features do surprisingly well.
"""

import torch

CAUGHT_BY = ("steps_sgd",)
HINT = "Which parameters does the optimiser know of?"
LECTURE = "lecture 1, Backpropagation algorithm"


def make_optimizer(name, parameters, learning_rate):
    parameters = parameters[-2:]
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=learning_rate)
    if name == "momentum":
        return torch.optim.SGD(parameters, lr=learning_rate, momentum=0.9)
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=learning_rate, alpha=0.9, eps=1e-7)
    return torch.optim.Adam(parameters, lr=learning_rate)
