"""Each pixel has a mean and a variance of its own, over the batch only."""

import numpy as np

CAUGHT_BY = ("batch_norm_forward_random",)
HINT = "A channel has one mean: over which axes?"
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
        out = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)
    else:
        out = (x - mean[:, None, None]) / np.sqrt(var + eps)[:, None, None]
    return out * gamma[:, None, None] + beta[:, None, None], running
