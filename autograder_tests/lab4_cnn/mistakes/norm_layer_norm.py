"""Each image is normalised over all its channels: that is layer norm."""

import numpy as np

CAUGHT_BY = ("batch_norm_forward_random",)
HINT = "Over which axes does one channel's mean run?"
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
        a = (1, 2, 3)
        out = (x - x.mean(a, keepdims=True)) / np.sqrt(x.var(a, keepdims=True) + eps)
    else:
        out = (x - mean[:, None, None]) / np.sqrt(var + eps)[:, None, None]
    return out * gamma[:, None, None] + beta[:, None, None], running
