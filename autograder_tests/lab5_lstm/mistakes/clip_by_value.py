"""Every number is clipped on its own, which changes the direction."""

import numpy as np

CAUGHT_BY = (
    "clip_gradients_worked",
    "clip_gradients_random",
)
HINT = "Divide what comes back by what went in: is it one number?"
LECTURE = "lecture 2, LSTM in practice"


def clip_gradients(grads: Sequence[Array], max_norm: float) -> tuple[list[Array], float]:
    norm = float(np.sqrt(sum(float(np.sum(grad**2)) for grad in grads)))
    return [np.clip(grad, -max_norm, max_norm) for grad in grads], norm
