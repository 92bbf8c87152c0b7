"""The arrays that were passed in are changed."""

import numpy as np

CAUGHT_BY = ("clip_gradients_random",)
HINT = "Print a gradient before and after the call."
LECTURE = "lecture 2, LSTM in practice"


def clip_gradients(grads: Sequence[Array], max_norm: float) -> tuple[list[Array], float]:
    norm = float(np.sqrt(sum(float(np.sum(grad**2)) for grad in grads)))
    for grad in grads:
        grad *= min(1.0, max_norm / max(norm, 1e-300))
    return list(grads), norm
