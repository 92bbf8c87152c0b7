"""Gradients of zeros come back as nan."""

import numpy as np

CAUGHT_BY = ("clip_gradients_random",)
HINT = "What is 0 times 1 / 0?"
LECTURE = "lecture 2, LSTM in practice"


def clip_gradients(grads: Sequence[Array], max_norm: float) -> tuple[list[Array], float]:
    norm = float(np.sqrt(sum(float(np.sum(grad**2)) for grad in grads)))
    with np.errstate(all="ignore"):
        factor = (
            np.minimum(1.0, np.float64(max_norm) / norm) if norm > 0.0 else np.float64(0.0) / norm
        )
    return [grad * factor for grad in grads], norm
