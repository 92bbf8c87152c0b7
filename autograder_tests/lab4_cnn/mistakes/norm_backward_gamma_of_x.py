"""grad_gamma multiplies the upstream gradient with x instead of the normalised x."""

import numpy as np

CAUGHT_BY = ("batch_norm_backward_random",)
HINT = "What was gamma multiplied with in the forward pass?"
LECTURE = "lecture 5, Batch normalization"


def batch_norm_backward(grad_out, x, gamma, eps=1e-5):
    axes = (0, 2, 3)
    std = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normed = (x - x.mean(axis=axes, keepdims=True)) / std
    grad = grad_out * gamma[:, None, None]
    mean_term = grad.mean(axis=axes, keepdims=True)
    var_term = normed * (grad * normed).mean(axis=axes, keepdims=True)
    grad_x = (grad - mean_term - var_term) / std
    return grad_x, (grad_out * x).sum(axis=axes), grad_out.sum(axis=axes)
