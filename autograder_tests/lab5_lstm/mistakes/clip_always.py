"""Short gradients are stretched to max_norm too."""

import numpy as np

CAUGHT_BY = (
    "clip_gradients_worked",
    "clip_gradients_random",
)
HINT = "What should happen to a gradient that is short enough?"
LECTURE = "lecture 2, LSTM in practice"


def clip_gradients(grads: Sequence[Array], max_norm: float) -> tuple[list[Array], float]:
    norm = float(np.sqrt(sum(float(np.sum(grad**2)) for grad in grads)))
    return [grad * (max_norm / max(norm, 1e-12)) for grad in grads], norm
