"""RMSprop adds eps under the root, as Keras now does, instead of to the root.

Test accuracy does not show it.
"""

import torch

CAUGHT_BY = ("steps_rmsprop",)
HINT = "For tiny gradients the two differ by a factor of hundreds."
LECTURE = "lecture 1, Compilation step"


class KerasRMSprop(torch.optim.Optimizer):
    def __init__(self, parameters, lr):
        super().__init__(parameters, {"lr": lr})

    @torch.no_grad()
    def step(self, closure=None):
        for group in self.param_groups:
            for p in group["params"]:
                square = self.state[p].setdefault("square", torch.zeros_like(p))
                square.mul_(0.9).addcmul_(p.grad, p.grad, value=0.1)
                p.sub_(group["lr"] * p.grad / (square + 1e-7).sqrt())


def make_optimizer(name, parameters, learning_rate):
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=learning_rate)
    if name == "momentum":
        return torch.optim.SGD(parameters, lr=learning_rate, momentum=0.9)
    if name == "rmsprop":
        return KerasRMSprop(parameters, lr=learning_rate)
    return torch.optim.Adam(parameters, lr=learning_rate)
