"""predict names the least probable class."""

import numpy as np

CAUGHT_BY = ("predict_labels",)
HINT = "Is the largest logit the best one or the worst one?"
LECTURE = "lecture 1, Network architecture"


def predict(params: Params, x: Array) -> Labels:
    return np.argmin(mlp_logits(params, x)[0], axis=1)
