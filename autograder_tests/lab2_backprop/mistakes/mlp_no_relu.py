"""The hidden layers have no activation: the whole network is linear."""

import numpy as np

CAUGHT_BY = ("mlp_gradient",)
HINT = "What is a product of two matrices?"
LECTURE = "lecture 5, Activation functions"


def mlp_logits(params: Params, x: Array) -> tuple[Array, list[Array], list[Array]]:
    inputs, pre_activations = [], []
    for weights, bias in params:
        inputs.append(x)
        x = affine_forward(x, weights, bias)
        pre_activations.append(np.ones(x.shape) if len(inputs) < len(params) else x)
    return x, inputs, pre_activations
