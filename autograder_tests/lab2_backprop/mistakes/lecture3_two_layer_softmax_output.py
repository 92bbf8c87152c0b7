"""The output is a softmax, as on lecture 3's slide; with one output unit it is always 1."""

import numpy as np

CAUGHT_BY = (
    "two_layer_worked",
    "two_layer_gradient",
)
HINT = "What do the outputs of one example add up to, and should they?"
LECTURE = "lecture 3, In practice: learning"


def two_layer_forward(params: Params, x: Array) -> Array:
    (weights_1, bias_1), (weights_2, bias_2) = params
    return softmax(affine_forward(sigmoid(affine_forward(x, weights_1, bias_1)), weights_2, bias_2))
