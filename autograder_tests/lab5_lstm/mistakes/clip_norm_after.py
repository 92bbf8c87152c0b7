"""The norm that is returned is the one after clipping."""

import numpy as np

CAUGHT_BY = (
    "clip_gradients_worked",
    "clip_gradients_random",
)
HINT = "Which norm tells you whether gradients explode?"
LECTURE = "lecture 2, LSTM in practice"


def clip_gradients(grads: Sequence[Array], max_norm: float) -> tuple[list[Array], float]:
    norm = float(np.sqrt(sum(float(np.sum(grad**2)) for grad in grads)))
    return [grad * min(1.0, max_norm / max(norm, 1e-300)) for grad in grads], min(norm, max_norm)
