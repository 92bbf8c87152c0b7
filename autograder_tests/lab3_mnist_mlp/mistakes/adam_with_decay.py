"""AdamW, which shrinks the weights by 1 % of the learning rate at each step.

Test accuracy does not show it.
"""

import torch

CAUGHT_BY = ("steps_adam",)
HINT = "What is the default weight_decay of torch.optim.AdamW?"
LECTURE = "lecture 5, What other alternatives exist?"


def make_optimizer(name, parameters, learning_rate):
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=learning_rate)
    if name == "momentum":
        return torch.optim.SGD(parameters, lr=learning_rate, momentum=0.9)
    if name == "rmsprop":
        return torch.optim.RMSprop(parameters, lr=learning_rate, alpha=0.9, eps=1e-7)
    return torch.optim.AdamW(parameters, lr=learning_rate)
