"""The weight decay punishes the biases too."""

import numpy as np

CAUGHT_BY = ("mlp_weight_decay",)
HINT = "Which parameters are in the statement's sum of squares?"
LECTURE = "lecture 3, Parameter norm penalization"


_plain_mlp_loss = mlp_loss


def mlp_loss(
    params: Params, x: Array, targets: Labels, weight_decay: float = 0.0
) -> tuple[float, Params]:
    loss, grads = _plain_mlp_loss(params, x, targets)
    squares = sum(float(np.sum(weights**2)) for weights, _ in params)
    loss += 0.5 * weight_decay * (squares + sum(float(np.sum(bias**2)) for _, bias in params))
    pairs = zip(params, grads, strict=True)
    return loss, [(g + weight_decay * w, b + weight_decay * bias) for (w, bias), (g, b) in pairs]
