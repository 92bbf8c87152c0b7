"""The penalty is half of lambda times the norm of the weights, not the squared norm."""

import numpy as np

CAUGHT_BY = ("mlp_weight_decay",)
HINT = "Is the root taken in the statement's penalty?"
LECTURE = "lecture 3, Parameter norm penalization"


_plain_mlp_loss = mlp_loss


def mlp_loss(
    params: Params, x: Array, targets: Labels, weight_decay: float = 0.0
) -> tuple[float, Params]:
    loss, grads = _plain_mlp_loss(params, x, targets)
    squares = sum(float(np.sum(weights**2)) for weights, _ in params)
    loss += 0.5 * weight_decay * sum(float(np.sum(w**2)) ** 0.5 for w, _ in params)
    pairs = zip(params, grads, strict=True)
    return loss, [
        (g + 0.5 * weight_decay * w / np.sqrt(np.sum(w**2)), b) for (w, bias), (g, b) in pairs
    ]
