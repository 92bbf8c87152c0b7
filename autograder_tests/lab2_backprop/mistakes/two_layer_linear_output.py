"""The two-layer network has no sigmoid on its output."""

import numpy as np

CAUGHT_BY = (
    "two_layer_worked",
    "two_layer_gradient",
)
HINT = "Lecture 3's network squashes its output too."
LECTURE = "lecture 3, Back-propagation"


def two_layer_forward(params: Params, x: Array) -> Array:
    (weights_1, bias_1), (weights_2, bias_2) = params
    return affine_forward(sigmoid(affine_forward(x, weights_1, bias_1)), weights_2, bias_2)
