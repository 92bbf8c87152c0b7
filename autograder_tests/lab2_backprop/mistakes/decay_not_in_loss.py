"""The weight decay is in the gradients but not in the loss."""

import numpy as np

CAUGHT_BY = ("mlp_weight_decay",)
HINT = "The gradient belongs to the loss that is returned."
LECTURE = "lecture 3, Parameter norm penalization"


_plain_mlp_loss = mlp_loss


def mlp_loss(
    params: Params, x: Array, targets: Labels, weight_decay: float = 0.0
) -> tuple[float, Params]:
    loss, grads = _plain_mlp_loss(params, x, targets)
    squares = sum(float(np.sum(weights**2)) for weights, _ in params)
    loss += 0.0 * squares
    pairs = zip(params, grads, strict=True)
    return loss, [(g + weight_decay * w, b) for (w, bias), (g, b) in pairs]
