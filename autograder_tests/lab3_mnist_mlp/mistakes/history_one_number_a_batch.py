"""The history has one number for each batch instead of for each epoch."""

import torch

CAUGHT_BY = ("history_lengths",)
HINT = "How many entries do 3 epochs make?"
LECTURE = "lecture 5, Definitions: learning curve"


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
    torch.manual_seed(seed)
    steps = make_optimizer(optimizer, list(model.parameters()), learning_rate)
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    for epoch in range(epochs):
        for batch in torch.randperm(len(x)).split(batch_size):
            loss, accuracy = train_epoch(
                model, steps, x[batch], y[batch], [torch.arange(len(batch))]
            )
            history["loss"].append(loss)
            history["accuracy"].append(accuracy)
        if x_val is not None:
            val_loss, val_accuracy = evaluate(model, x_val, y_val)
            history["val_loss"].append(val_loss)
            history["val_accuracy"].append(val_accuracy)
    return history
