"""The batch is normalised with the variance that divides by n - 1."""

import numpy as np

CAUGHT_BY = (
    "batch_norm_forward_random",
    "batch_norm_worked",
)
HINT = "A batch that is normalised has variance 1, dividing by n."
LECTURE = "lecture 5, Batch normalization"


def batch_norm_forward(x, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    mean, var = running["mean"], running["var"]
    axes, count = (0, 2, 3), x.size // x.shape[1]
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        remembered = var * count / (count - 1)
        running = {
            "mean": (1 - momentum) * running["mean"] + momentum * mean,
            "var": (1 - momentum) * running["var"] + momentum * remembered,
        }
    if training:
        var = var * count / (count - 1)
    std = np.sqrt(var + eps)
    out = (x - mean[:, None, None]) / std[:, None, None]
    return out * gamma[:, None, None] + beta[:, None, None], running
