"""The hidden layer's delta adds up the output deltas without their weights."""

import numpy as np

CAUGHT_BY = ("two_layer_gradient",)
HINT = "How much does hidden unit j change output k? Look at the connection between them."
LECTURE = "lecture 3, Back-propagation"


def two_layer_backward(params: Params, x: Array, target: Array) -> tuple[float, Params]:
    (weights_1, bias_1), (weights_2, bias_2) = params
    in_1 = affine_forward(x, weights_1, bias_1)
    hidden = sigmoid(in_1)
    in_2 = affine_forward(hidden, weights_2, bias_2)
    out = sigmoid(in_2)
    loss, grad_out = quadratic_loss(out, target)
    delta_2 = grad_out * sigmoid_grad(in_2)
    delta_1 = delta_2.sum(axis=1, keepdims=True) * sigmoid_grad(in_1)
    return loss, [
        (x.T @ delta_1, delta_1.sum(axis=0)),
        (hidden.T @ delta_2, delta_2.sum(axis=0)),
    ]
