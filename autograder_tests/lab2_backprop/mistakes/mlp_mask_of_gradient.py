"""On the way back the ReLU is applied to the gradient itself: negative gradients are cut off."""

import numpy as np

CAUGHT_BY = (
    "mlp_gradient",
    "train_steps",
)
HINT = "Which number decides whether a unit is on: what came in, or what comes back?"
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
            grad = relu(grad)
        grad, grad_weights, grad_bias = affine_backward(grad, inputs[layer], weights)
        grads.insert(0, (grad_weights + weight_decay * weights, grad_bias))
    return loss, grads
