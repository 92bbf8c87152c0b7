"""The two-layer network has ReLU units in its hidden layer instead of sigmoids."""

import numpy as np

CAUGHT_BY = (
    "two_layer_worked",
    "two_layer_gradient",
)
HINT = "Which activation does the statement give this network?"
LECTURE = "lecture 3, Back-propagation"


def two_layer_forward(params: Params, x: Array) -> Array:
    (weights_1, bias_1), (weights_2, bias_2) = params
    return sigmoid(affine_forward(relu(affine_forward(x, weights_1, bias_1)), weights_2, bias_2))
