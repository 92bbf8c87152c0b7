"""Each array is clipped by its own norm, and the norm of the last one is returned."""

import numpy as np

CAUGHT_BY = ("clip_gradients_worked",)
HINT = "How long is the gradient of all parameters together?"
LECTURE = "lecture 2, LSTM in practice"


def clip_gradients(grads: Sequence[Array], max_norm: float) -> tuple[list[Array], float]:
    clipped = []
    for grad in grads:
        norm = float(np.linalg.norm(grad))
        clipped.append(grad * min(1.0, max_norm / max(norm, 1e-300)))
    return clipped, norm
