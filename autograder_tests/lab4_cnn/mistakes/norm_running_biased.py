"""The running variance remembers the variance that divides by n."""

import numpy as np

CAUGHT_BY = (
    "batch_norm_forward_random",
    "batch_norm_worked",
)
HINT = "What is remembered stands for images not seen: which of the two variances estimates theirs?"
LECTURE = "lecture 5, Batch normalization"


def batch_norm_forward(x, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    mean, var = running["mean"], running["var"]
    axes, count = (0, 2, 3), x.size // x.shape[1]
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        remembered = var
        running = {
            "mean": (1 - momentum) * running["mean"] + momentum * mean,
            "var": (1 - momentum) * running["var"] + momentum * remembered,
        }
    std = np.sqrt(var + eps)
    out = (x - mean[:, None, None]) / std[:, None, None]
    return out * gamma[:, None, None] + beta[:, None, None], running
