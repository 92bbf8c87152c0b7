"""fit does not use its seed: the order is the same for all seeds.

Test accuracy does not show it.
"""

import copy

import torch

CAUGHT_BY = ("batches_order",)
HINT = "What does fit do with its argument seed?"
LECTURE = "lecture 5, Stochastic gradient descent"


def fit(
    model,
    x,
    y,
    *,
    epochs,
    batch_size,
    optimizer="rmsprop",
    learning_rate=1e-3,
    x_val=None,
    y_val=None,
    patience=None,
    seed=0,
    device="cpu",
):
    torch.manual_seed(0)
    model.to(device)
    x, y = x.to(device), y.to(device)
    steps = make_optimizer(optimizer, list(model.parameters()), learning_rate)
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    best_loss, best_weights, waited = float("inf"), None, 0
    for epoch in range(epochs):
        batches = list(torch.randperm(len(x)).to(device).split(batch_size))
        loss, accuracy = train_epoch(model, steps, x, y, batches)
        history["loss"].append(loss)
        history["accuracy"].append(accuracy)
        if x_val is None:
            continue
        val_loss, val_accuracy = evaluate(model, x_val, y_val)
        history["val_loss"].append(val_loss)
        history["val_accuracy"].append(val_accuracy)
        if patience is None:
            continue
        waited += 1
        if val_loss < best_loss:
            best_loss, best_weights, waited = val_loss, copy.deepcopy(model.state_dict()), 0
        if waited >= patience:
            break
    if best_weights is not None:
        model.load_state_dict(best_weights)
    return history
