"""The slope of a ReLU is applied to the logits too; the last layer has none."""

import numpy as np

CAUGHT_BY = (
    "mlp_gradient",
    "train_steps",
)
HINT = "Does the forward pass have a ReLU behind the last layer?"
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
        grad = grad * relu_grad(pre_activations[layer])
        grad, grad_weights, grad_bias = affine_backward(grad, inputs[layer], weights)
        grads.insert(0, (grad_weights + weight_decay * weights, grad_bias))
    return loss, grads
