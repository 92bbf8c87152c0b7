"""The weight decay is in the loss but not in the gradients."""

import numpy as np

CAUGHT_BY = ("mlp_weight_decay",)
HINT = "What does the penalty do to a training that never sees its gradient?"
LECTURE = "lecture 3, Parameter norm penalization"


_plain_mlp_loss = mlp_loss


def mlp_loss(
    params: Params, x: Array, targets: Labels, weight_decay: float = 0.0
) -> tuple[float, Params]:
    loss, grads = _plain_mlp_loss(params, x, targets)
    squares = sum(float(np.sum(weights**2)) for weights, _ in params)
    loss += 0.5 * weight_decay * squares
    pairs = zip(params, grads, strict=True)
    return loss, [(g + 0.0 * w, b) for (w, bias), (g, b) in pairs]
