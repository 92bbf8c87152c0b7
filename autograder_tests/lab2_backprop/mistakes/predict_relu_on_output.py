"""predict applies ReLU to the logits, so that negative ones are all equal."""

import numpy as np

CAUGHT_BY = ("predict_labels",)
HINT = "Which class wins when all logits are negative?"
LECTURE = "lecture 1, Network architecture"


def predict(params: Params, x: Array) -> Labels:
    return np.argmax(relu(mlp_logits(params, x)[0]), axis=1)
