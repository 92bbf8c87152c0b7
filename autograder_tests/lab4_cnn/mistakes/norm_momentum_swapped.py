"""momentum is taken as the share of the old instead of the new."""

import numpy as np

CAUGHT_BY = (
    "batch_norm_forward_random",
    "batch_norm_worked",
)
HINT = "PyTorch's momentum of 0.1 is the share of this batch."
LECTURE = "lecture 5, Batch normalization"


def batch_norm_forward(x, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    mean, var = running["mean"], running["var"]
    axes, count = (0, 2, 3), x.size // x.shape[1]
    if training:
        mean, var = x.mean(axis=axes), x.var(axis=axes)
        remembered = var * count / (count - 1)
        running = {
            "mean": momentum * running["mean"] + (1 - momentum) * mean,
            "var": momentum * running["var"] + (1 - momentum) * remembered,
        }
    std = np.sqrt(var + eps)
    out = (x - mean[:, None, None]) / std[:, None, None]
    return out * gamma[:, None, None] + beta[:, None, None], running
