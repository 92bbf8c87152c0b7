"""The backward pass takes the variance for a constant."""

import numpy as np

CAUGHT_BY = ("batch_norm_backward_random",)
HINT = "Multiply all pixels of a channel by 2: the output nearly stays. What is the sum of grad_x times x then?"
LECTURE = "lecture 5, Batch normalization"


def batch_norm_backward(grad_out, x, gamma, eps=1e-5):
    axes = (0, 2, 3)
    std = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normed = (x - x.mean(axis=axes, keepdims=True)) / std
    grad = grad_out * gamma[:, None, None]
    mean_term = grad.mean(axis=axes, keepdims=True)
    var_term = normed * (grad * normed).mean(axis=axes, keepdims=True)
    grad_x = (grad - mean_term) / std
    return grad_x, (grad_out * normed).sum(axis=axes), grad_out.sum(axis=axes)
