"""The classes are counted from 1 instead of 0."""

import numpy as np

CAUGHT_BY = ("predict_labels",)
HINT = "Which index does the first class have?"
LECTURE = "lecture 1, Network architecture"


def predict(params: Params, x: Array) -> Labels:
    return np.argmax(mlp_logits(params, x)[0], axis=1) + 1
