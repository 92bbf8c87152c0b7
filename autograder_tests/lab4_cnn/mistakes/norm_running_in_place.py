"""The running statistics that were passed in are changed in place."""

import numpy as np

CAUGHT_BY = ("batch_norm_forward_random",)
HINT = "Print running before and after the call."
LECTURE = "lecture 5, Batch normalization"


def batch_norm_forward(x, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    mean, var = running["mean"], running["var"]
    old = running
    axes, count = (0, 2, 3), x.size // x.shape[1]
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        remembered = var * count / (count - 1)
        running = {
            "mean": (1 - momentum) * running["mean"] + momentum * mean,
            "var": (1 - momentum) * running["var"] + momentum * remembered,
        }
    if training:
        old["mean"][:], old["var"][:] = running["mean"], running["var"]
    std = np.sqrt(var + eps)
    out = (x - mean[:, None, None]) / std[:, None, None]
    return out * gamma[:, None, None] + beta[:, None, None], running
