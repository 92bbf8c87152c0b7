"""The gradient of the weight decay is 2 lambda w: the half in the loss was not differentiated."""

import numpy as np

CAUGHT_BY = ("mlp_weight_decay",)
HINT = "Differentiate lambda / 2 times w squared."
LECTURE = "lecture 3, Parameter norm penalization"


_plain_mlp_loss = mlp_loss


def mlp_loss(
    params: Params, x: Array, targets: Labels, weight_decay: float = 0.0
) -> tuple[float, Params]:
    loss, grads = _plain_mlp_loss(params, x, targets)
    squares = sum(float(np.sum(weights**2)) for weights, _ in params)
    loss += 0.5 * weight_decay * squares
    pairs = zip(params, grads, strict=True)
    return loss, [(g + 2.0 * weight_decay * w, b) for (w, bias), (g, b) in pairs]
