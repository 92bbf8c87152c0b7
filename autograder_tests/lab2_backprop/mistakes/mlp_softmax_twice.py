"""The loss applies softmax to probabilities: softmax is in the network and in the loss."""

import numpy as np

CAUGHT_BY = ("mlp_gradient",)
HINT = "Between which two numbers does such a loss always lie?"
LECTURE = "lecture 5, Loss Functions"


def mlp_loss(
    params: Params, x: Array, targets: Labels, weight_decay: float = 0.0
) -> tuple[float, Params]:
    logits, inputs, pre_activations = mlp_logits(params, x)
    probs = softmax(logits)
    loss, grad = softmax_cross_entropy(probs, targets)
    grad = probs * (grad - np.sum(grad * probs, axis=1, keepdims=True))
    loss += 0.5 * weight_decay * sum(float(np.sum(weights**2)) for weights, _ in params)
    grads: Params = []
    for layer in reversed(range(len(params))):
        if layer < len(params) - 1:
            grad = grad * relu_grad(pre_activations[layer])
        weights = params[layer][0]
        grad, grad_weights, grad_bias = affine_backward(grad, inputs[layer], weights)
        grads.insert(0, (grad_weights + weight_decay * weights, grad_bias))
    return loss, grads
