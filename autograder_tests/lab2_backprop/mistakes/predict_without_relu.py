"""predict leaves out the ReLU of the hidden layers."""

import numpy as np

CAUGHT_BY = ("predict_labels",)
HINT = "Is the network that predicts the one that was trained?"
LECTURE = "lecture 1, Network architecture"


def predict(params: Params, x: Array) -> Labels:
    for weights, bias in params:
        x = x @ weights + bias
    return np.argmax(x, axis=1)
