"""Loss and gradients of the two-layer network are sums over the batch, as for a single example,
not means.
"""

import numpy as np

CAUGHT_BY = ("two_layer_gradient",)
HINT = "What does the loss do when every example is in the batch twice?"
LECTURE = "lecture 3, Back-propagation"


def two_layer_backward(params: Params, x: Array, target: Array) -> tuple[float, Params]:
    (weights_1, bias_1), (weights_2, bias_2) = params
    in_1 = affine_forward(x, weights_1, bias_1)
    hidden = sigmoid(in_1)
    in_2 = affine_forward(hidden, weights_2, bias_2)
    out = sigmoid(in_2)
    loss = float(0.5 * np.sum((out - target) ** 2))
    delta_2 = (out - target) * sigmoid_grad(in_2)
    delta_1 = (delta_2 @ weights_2.T) * sigmoid_grad(in_1)
    return loss, [
        (x.T @ delta_1, delta_1.sum(axis=0)),
        (hidden.T @ delta_2, delta_2.sum(axis=0)),
    ]
