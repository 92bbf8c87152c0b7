"""At test time the batch is normalised by its own statistics."""

import numpy as np

CAUGHT_BY = (
    "batch_norm_forward_random",
    "batch_norm_worked",
)
HINT = "What would the class of a single image depend on?"
LECTURE = "lecture 5, Batch normalization"


def batch_norm_forward(x, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    mean, var = running["mean"], running["var"]
    axes, count = (0, 2, 3), x.size // x.shape[1]
    mean, var = x.mean(axis=axes), x.var(axis=axes)
    if training:
        remembered = var * count / (count - 1)
        running = {
            "mean": (1 - momentum) * running["mean"] + momentum * mean,
            "var": (1 - momentum) * running["var"] + momentum * remembered,
        }
    std = np.sqrt(var + eps)
    out = (x - mean[:, None, None]) / std[:, None, None]
    return out * gamma[:, None, None] + beta[:, None, None], running
