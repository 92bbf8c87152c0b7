"""RMSprop with PyTorch's defaults, alpha 0.99, instead of 0.9.

Accuracy does not show it; the training curve of epoch 1 does.
"""

import torch

CAUGHT_BY = ("steps_rmsprop",)
HINT = "With g = 1 the first step is sqrt(10) learning rates."
LECTURE = "lecture 1, Compilation step"


def make_optimizer(name, parameters, learning_rate):
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=learning_rate)
    if name == "momentum":
        return torch.optim.SGD(parameters, lr=learning_rate, momentum=0.9)
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=learning_rate)
    return torch.optim.Adam(parameters, lr=learning_rate)
