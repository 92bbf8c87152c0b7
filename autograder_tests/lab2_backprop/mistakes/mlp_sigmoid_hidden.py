"""The hidden layers are sigmoids instead of ReLU units."""

import numpy as np

CAUGHT_BY = ("mlp_gradient",)
HINT = "Which activation does the statement give this network?"
LECTURE = "lecture 5, Activation functions"


def relu(x: Array) -> Array:
    return sigmoid(x)


def relu_grad(x: Array) -> Array:
    return sigmoid_grad(x)
