"""The weight decay is divided by the batch size; it does not belong to the examples."""

import numpy as np

CAUGHT_BY = ("mlp_weight_decay",)
HINT = "Should the penalty depend on how many examples are in the batch?"
LECTURE = "lecture 3, Parameter norm penalization"


_plain_mlp_loss = mlp_loss


def mlp_loss(
    params: Params, x: Array, targets: Labels, weight_decay: float = 0.0
) -> tuple[float, Params]:
    loss, grads = _plain_mlp_loss(params, x, targets)
    squares = sum(float(np.sum(weights**2)) for weights, _ in params)
    loss += 0.5 * weight_decay * squares / len(x)
    pairs = zip(params, grads, strict=True)
    return loss, [(g + weight_decay * w / len(x), b) for (w, bias), (g, b) in pairs]
