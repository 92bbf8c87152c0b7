"""fit always uses the learning rate 0.001."""

import torch

CAUGHT_BY = ("steps_sgd", "fit_worked")
HINT = "What does fit do with its argument learning_rate?"
LECTURE = "lecture 5, Definitions: lr i.e learning rate"


def make_optimizer(name, parameters, learning_rate):
    learning_rate = 1e-3
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=learning_rate)
    if name == "momentum":
        return torch.optim.SGD(parameters, lr=learning_rate, momentum=0.9)
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=learning_rate, alpha=0.9, eps=1e-7)
    return torch.optim.Adam(parameters, lr=learning_rate)
