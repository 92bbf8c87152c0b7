"""The last layer has a ReLU too, so that no logit is negative."""

import numpy as np

CAUGHT_BY = ("mlp_gradient",)
HINT = "What becomes of a class that should be very unlikely?"
LECTURE = "lecture 5, Activation functions"


def mlp_logits(params: Params, x: Array) -> tuple[Array, list[Array], list[Array]]:
    inputs, pre_activations = [], []
    for weights, bias in params:
        inputs.append(x)
        pre_activations.append(affine_forward(x, weights, bias))
        x = relu(pre_activations[-1])
    return x, inputs, pre_activations
