"""The gradient goes back through weights that were already updated."""

import numpy as np

CAUGHT_BY = ("mlp_gradient",)
HINT = "All gradients of a step belong to the same weights."
LECTURE = "lecture 3, Back-propagation"


def mlp_loss(
    params: Params, x: Array, targets: Labels, weight_decay: float = 0.0
) -> tuple[float, Params]:
    logits, inputs, pre_activations = mlp_logits(params, x)
    loss, grad = softmax_cross_entropy(logits, targets)
    loss += 0.5 * weight_decay * sum(float(np.sum(weights**2)) for weights, _ in params)
    grads: Params = []
    for layer in reversed(range(len(params))):
        weights = params[layer][0]
        if layer < len(params) - 1:
            grad = grad * relu_grad(pre_activations[layer])
        _, grad_weights, grad_bias = affine_backward(grad, inputs[layer], weights)
        grad = grad @ (weights - 0.1 * grad_weights).T
        grads.insert(0, (grad_weights + weight_decay * weights, grad_bias))
    return loss, grads
