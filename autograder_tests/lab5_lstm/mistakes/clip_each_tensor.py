"""Each array is clipped by its own norm, which changes the direction of them all together."""

import numpy as np

CAUGHT_BY = (
    "clip_gradients_worked",
    "clip_gradients_random",
)
HINT = "How long is the gradient of all parameters together?"
LECTURE = "lecture 2, LSTM in practice"


def clip_gradients(grads: Sequence[Array], max_norm: float) -> tuple[list[Array], float]:
    norm = float(np.sqrt(sum(float(np.sum(grad**2)) for grad in grads)))
    own = [float(np.linalg.norm(grad)) for grad in grads]
    return [g * (max_norm / n if n > max_norm else 1.0) for g, n in zip(grads, own)], norm
