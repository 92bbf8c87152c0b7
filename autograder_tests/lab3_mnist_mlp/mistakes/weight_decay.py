"""The steps have a weight decay of 0.01."""

import torch

CAUGHT_BY = ("steps_sgd",)
HINT = "Which loss is asked for?"
LECTURE = "lecture 3, Parameter norm penalization"


def make_optimizer(name, parameters, learning_rate):
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=learning_rate, weight_decay=0.01)
    if name == "momentum":
        return torch.optim.SGD(parameters, lr=learning_rate, momentum=0.9)
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=learning_rate, alpha=0.9, eps=1e-7)
    return torch.optim.Adam(parameters, lr=learning_rate)
