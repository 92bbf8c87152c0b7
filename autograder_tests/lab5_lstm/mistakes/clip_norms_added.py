"""The norms of the arrays are added up; it is their squares that add up."""

import numpy as np

CAUGHT_BY = (
    "clip_gradients_worked",
    "clip_gradients_random",
)
HINT = "Norms 3 and 4 are 5 together."
LECTURE = "lecture 2, LSTM in practice"


def clip_gradients(grads: Sequence[Array], max_norm: float) -> tuple[list[Array], float]:
    norm = float(np.sqrt(sum(float(np.sum(grad**2)) for grad in grads)))
    norm = float(sum(np.linalg.norm(grad) for grad in grads))
    return [grad * min(1.0, max_norm / max(norm, 1e-300)) for grad in grads], norm
