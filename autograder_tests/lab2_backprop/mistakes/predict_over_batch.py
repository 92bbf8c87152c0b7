"""The largest value is looked for over the batch instead of over the classes."""

import numpy as np

CAUGHT_BY = ("predict_labels",)
HINT = "One class for each example: over which axis?"
LECTURE = "lecture 1, Network architecture"


def predict(params: Params, x: Array) -> Labels:
    return np.argmax(mlp_logits(params, x)[0], axis=0)
