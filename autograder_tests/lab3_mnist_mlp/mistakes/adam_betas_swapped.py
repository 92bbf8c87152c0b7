"""Adam with its two betas swapped."""

import torch

CAUGHT_BY = ("steps_adam",)
HINT = "The mean forgets fast, the square slowly."
LECTURE = "lecture 5, What other alternatives exist?"


def make_optimizer(name, parameters, learning_rate):
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=learning_rate)
    if name == "momentum":
        return torch.optim.SGD(parameters, lr=learning_rate, momentum=0.9)
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=learning_rate, alpha=0.9, eps=1e-7)
    return torch.optim.Adam(parameters, lr=learning_rate, betas=(0.999, 0.9))
