"""After the first validation the training goes on in eval mode."""

import copy

import torch
from torch.nn import functional

CAUGHT_BY = ("train_mode",)
HINT = "What does an evaluation in the middle leave behind? Where does model.train() stand?"
LECTURE = "lecture 5, Batch normalization"


def train_epoch(model, optimizer, x, y, batches):
    loss_sum = torch.zeros((), device=x.device)
    right = torch.zeros((), device=x.device)
    for batch in batches:
        inputs, targets = x[batch], y[batch]
        logits = model(inputs)
        loss = functional.cross_entropy(logits, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        loss_sum += loss.detach() * len(batch)
        right += (logits.detach().argmax(dim=1) == targets).sum()
    return float(loss_sum) / len(x), float(right) / len(x)


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
    model.to(device)
    x, y = x.to(device), y.to(device)
    steps = make_optimizer(optimizer, list(model.parameters()), learning_rate)
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    best_loss, best_weights, waited = float("inf"), None, 0
    model.train()
    for epoch in range(epochs):
        batches = list(torch.randperm(len(x)).to(device).split(batch_size))
        loss, accuracy = train_epoch(model, steps, x, y, batches)
        history["loss"].append(loss)
        history["accuracy"].append(accuracy)
        if x_val is None:
            continue
        val_loss, val_accuracy = evaluate(model, x_val, y_val)
        model.eval()
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
