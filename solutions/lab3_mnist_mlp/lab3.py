"""Reference solution of lab 3: networks for handwritten digits. The docstrings are in the stub."""

import copy
import itertools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor, nn
from torch.nn import functional

if TYPE_CHECKING:
    from matplotlib.figure import Figure

History = dict[str, list[float]]

CHUNK = 4096  # examples evaluated at once: memory stays bounded, and the result does not change


def prepare_images(images: Tensor, max_value: int = 255) -> Tensor:
    """See the stub."""
    # Divide by what the format allows, not by what this batch happens to contain: the same image
    # must become the same numbers in the training set, in the test set and alone.
    return images.flatten(start_dim=1).to(torch.float32) / max_value  # (n, height * width)


def one_hot(labels: Tensor, classes: int) -> Tensor:
    """See the stub."""
    return functional.one_hot(labels, classes).to(torch.float32)


def affine(n_in: int, n_out: int) -> nn.Linear:
    """Make an affine layer that starts as Keras' Dense does: Glorot weights, biases 0."""
    layer = nn.Linear(n_in, n_out)
    nn.init.xavier_uniform_(layer.weight)
    nn.init.zeros_(layer.bias)
    return layer


def build_softmax_regression(n_in: int, n_classes: int) -> nn.Module:
    """See the stub."""
    # The softmax is in the loss. A second one here would squeeze the logits into [0, 1].
    return affine(n_in, n_classes)


def build_mlp(
    n_in: int,
    hidden: int | Sequence[int],
    n_classes: int,
    dropout: float = 0.0,
    batch_norm: bool = False,  # noqa: FBT001, FBT002  the course fixes this signature
) -> nn.Module:
    """See the stub."""
    sizes = [n_in, *([hidden] if isinstance(hidden, int) else hidden)]
    layers: list[nn.Module] = []
    for size, next_size in itertools.pairwise(sizes):
        layers.append(affine(size, next_size))
        if batch_norm:
            layers.append(nn.BatchNorm1d(next_size))  # before the ReLU, as in the paper
        layers.append(nn.ReLU())
        if dropout:
            layers.append(nn.Dropout(dropout))
    return nn.Sequential(*layers, affine(sizes[-1], n_classes))


def count_parameters(model: nn.Module) -> int:
    """See the stub."""
    return sum(weights.numel() for weights in model.parameters() if weights.requires_grad)


def make_optimizer(
    name: str, parameters: list[nn.Parameter], learning_rate: float
) -> torch.optim.Optimizer:
    """Make the optimiser of this name, with the constants of the statement."""
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=learning_rate)
    if name == "momentum":
        return torch.optim.SGD(parameters, lr=learning_rate, momentum=0.9)
    if name == "rmsprop":  # PyTorch's own default is alpha=0.99, Keras' is 0.9
        return torch.optim.RMSprop(parameters, lr=learning_rate, alpha=0.9, eps=1e-7)
    if name == "adam":
        return torch.optim.Adam(parameters, lr=learning_rate)
    raise ValueError(f"optimizer is {name!r}; write 'sgd', 'momentum', 'rmsprop' or 'adam'")


def train_epoch(
    model: nn.Module, optimizer: torch.optim.Optimizer, x: Tensor, y: Tensor, batches: list[Tensor]
) -> tuple[float, float]:
    """Make one step for each batch of indices; return the epoch's mean loss and accuracy."""
    model.train()  # every epoch anew: an evaluation may lie in between
    loss_sum = torch.zeros((), device=x.device)
    right = torch.zeros((), device=x.device)
    for batch in batches:
        inputs, targets = x[batch], y[batch]
        logits = model(inputs)  # (batch, classes)
        loss = functional.cross_entropy(logits, targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        # detach: a sum that remembers how it was made would keep every batch's graph alive.
        # Times the size: the last batch is short and must not count as much as the others.
        loss_sum += loss.detach() * len(batch)
        right += (logits.detach().argmax(dim=1) == targets).sum()
    return float(loss_sum) / len(x), float(right) / len(x)


def fit(
    model: nn.Module,
    x: Tensor,
    y: Tensor,
    *,
    epochs: int,
    batch_size: int,
    optimizer: str = "rmsprop",
    learning_rate: float = 1e-3,
    x_val: Tensor | None = None,
    y_val: Tensor | None = None,
    patience: int | None = None,
    seed: int = 0,
    device: str = "cpu",
) -> History:
    """See the stub."""
    torch.manual_seed(seed)  # dropout draws from the global generator
    model.to(device)
    x, y = x.to(device), y.to(device)
    steps = make_optimizer(optimizer, list(model.parameters()), learning_rate)
    history: History = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    best_loss, best_weights, waited = float("inf"), None, 0
    for _ in range(epochs):
        # One order for x and y: indices keep them together.
        batches = list(torch.randperm(len(x)).to(device).split(batch_size))
        loss, accuracy = train_epoch(model, steps, x, y, batches)
        history["loss"].append(loss)
        history["accuracy"].append(accuracy)
        if x_val is None or y_val is None:
            continue
        val_loss, val_accuracy = evaluate(model, x_val, y_val)
        history["val_loss"].append(val_loss)
        history["val_accuracy"].append(val_accuracy)
        if patience is None:
            continue
        waited += 1
        if val_loss < best_loss:
            # deepcopy: state_dict holds the live tensors, which the next step would change. It
            # has the running statistics of batch normalisation in it, parameters() has not.
            best_loss, best_weights, waited = val_loss, copy.deepcopy(model.state_dict()), 0
        if waited >= patience:
            break
    if best_weights is not None:
        model.load_state_dict(best_weights)
    return history


@torch.no_grad()
def logits_of(model: nn.Module, x: Tensor) -> Tensor:
    """Run the model as at test time, then put it back into the mode it was in."""
    was_training = model.training
    device = next(model.parameters()).device
    model.eval()
    logits = torch.cat([model(chunk.to(device)) for chunk in x.split(CHUNK)])
    model.train(was_training)
    return logits


def evaluate(model: nn.Module, x: Tensor, y: Tensor) -> tuple[float, float]:
    """See the stub."""
    logits = logits_of(model, x)  # all of them: then there are no batches to average over
    y = y.to(logits.device)
    right = (logits.argmax(dim=1) == y).sum()
    return float(functional.cross_entropy(logits, y)), float(right) / len(y)


def predict(model: nn.Module, x: Tensor) -> Tensor:
    """See the stub."""
    return logits_of(model, x).argmax(dim=1)


def plot_history(history: History) -> "Figure":
    """See the stub."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9, 3.5), layout="constrained")
    for axes, key in zip(figure.subplots(1, 2), ("loss", "accuracy"), strict=True):
        for name, label in ((key, "training"), (f"val_{key}", "validation")):
            values = history.get(name, [])
            if values:
                axes.plot(range(1, len(values) + 1), values, "o-", markersize=3, label=label)
        axes.set_xlabel("epoch")
        axes.set_ylabel(key)
        axes.legend()
    return figure
