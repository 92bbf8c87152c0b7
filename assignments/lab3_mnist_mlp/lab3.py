"""Lab 3: networks for handwritten digits, in PyTorch.

Replace each ``raise NotImplementedError`` and nothing else; helper functions of your own are
welcome. The README has the conventions: what a step of each optimiser is, what a history holds,
when training stops early. Rules for every function: a loss is a mean over examples, labels are
int64 class indices, images are float32 rows, and the test set is for the very end.
Source: Goodfellow, Bengio and Courville, Deep Learning (2016), chapters 7 and 8.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from torch import Tensor, nn

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Four lists, "loss", "accuracy", "val_loss", "val_accuracy": one Python float an epoch.
History = dict[str, list[float]]


def prepare_images(images: Tensor, max_value: int = 255) -> Tensor:
    """Turn grey images into rows of numbers from 0 to 1: divide by max_value and flatten.

    Args:
        images: (n, height, width) uint8, from 0 to max_value.
        max_value: What white is: 255 for MNIST, 16 for the digits. No image has to reach it.

    Returns:
        (n, height * width) float32, pixel rows one after the other.

    Checked by images_worked and images_random.
    """
    raise NotImplementedError("lab3_mnist_mlp: prepare_images")


def one_hot(labels: Tensor, classes: int) -> Tensor:
    """Write each label as a row that is 1 in the label's column and 0 elsewhere.

    Args:
        labels: (n,) int64, from 0 to classes - 1. Not every class has to occur.
        classes: Number of columns.

    Returns:
        (n, classes) float32.

    Checked by one_hot_worked.
    """
    raise NotImplementedError("lab3_mnist_mlp: one_hot")


def build_softmax_regression(n_in: int, n_classes: int) -> nn.Module:
    """Build the network of lecture 3's lab session: one affine layer.

    Glorot weights, biases 0.

    Args:
        n_in: Number of inputs.
        n_classes: Number of classes.

    Returns:
        A module: (batch, n_in) float32 to logits (batch, n_classes) float32, without softmax.

    Checked by parameters_counted, logits_not_probabilities, network_start and
    network_structure.
    """
    raise NotImplementedError("lab3_mnist_mlp: build_softmax_regression")


def build_mlp(
    n_in: int,
    hidden: int | Sequence[int],
    n_classes: int,
    dropout: float = 0.0,
    batch_norm: bool = False,  # noqa: FBT001, FBT002  the course fixes this signature
) -> nn.Module:
    """Build a network with ReLU hidden layers.

    Each hidden layer: affine, batch normalisation if asked for, ReLU, dropout if asked for. After
    the last one an affine layer alone. Every affine layer has biases. Glorot weights, biases 0.

    Args:
        n_in: Number of inputs.
        hidden: Units of the hidden layer, or a sequence with one number a hidden layer.
        n_classes: Number of classes.
        dropout: Probability that a hidden unit is switched off, in [0, 1); 0 for no dropout.
        batch_norm: Whether to normalise, with the constants of torch.nn.BatchNorm1d.

    Returns:
        A module: (batch, n_in) float32 to logits (batch, n_classes) float32, without softmax.

    Checked by parameters_counted, logits_not_probabilities, network_start, network_dropout,
    network_batch_norm and network_structure.
    """
    raise NotImplementedError("lab3_mnist_mlp: build_mlp")


def count_parameters(model: nn.Module) -> int:
    """Count the numbers that training may change.

    Args:
        model: Any module. Frozen parameters and running statistics do not count.

    Returns:
        How many.

    Checked by parameters_counted and parameters_frozen.
    """
    raise NotImplementedError("lab3_mnist_mlp: count_parameters")


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
    """Train a network in place with mini-batches and softmax cross-entropy.

    Args:
        model: As from build_mlp: gives logits. Its present weights are where training starts.
        x: (n, n_in) float32.
        y: (n,) int64 class indices.
        epochs: Times through the data, at most.
        batch_size: Examples a step. More than n means all of them. The last batch may be short.
        optimizer: "sgd", "momentum", "rmsprop" or "adam"; the README has their constants.
        learning_rate: Step size. Greater than 0.
        x_val: (n_val, n_in) float32, or None. Never trained on.
        y_val: (n_val,) int64, or None.
        patience: Stop after so many epochs in a row without a new lowest validation loss, and end
            with the weights of the best epoch; at least 1. None: all epochs, the last weights.
        seed: All randomness of this call comes from it.
        device: Where to train, "cpu" or "cuda". The model is moved there and stays there.

    Returns:
        "loss" and "accuracy": mean over the epoch's examples, each as the network saw it while
        training. "val_loss" and "val_accuracy": evaluate's, after each epoch; empty without
        validation data.

    Checked by fit_worked, history_lengths, train_softmax_regression, steps_sgd, steps_momentum,
    steps_rmsprop, steps_adam, batches_counted, batches_order, train_mode, validation_apart,
    history_exact, early_stopping, train_512, train_lecture5 and fit_time.
    """
    raise NotImplementedError("lab3_mnist_mlp: fit")


def evaluate(model: nn.Module, x: Tensor, y: Tensor) -> tuple[float, float]:
    """Measure a network as it is at test time; leave it exactly as it was.

    Args:
        model: As from build_mlp, in any mode, on any device.
        x: (n, n_in) float32. Any n, also 1.
        y: (n,) int64.

    Returns:
        Mean softmax cross-entropy over all n examples, and the share of them whose largest logit
        is that of their label.

    Checked by evaluate_worked, evaluate_exact and evaluate_mode.
    """
    raise NotImplementedError("lab3_mnist_mlp: evaluate")


def predict(model: nn.Module, x: Tensor) -> Tensor:
    """Name the most probable class of each example; leave the network exactly as it was.

    Args:
        model: As from build_mlp, in any mode, on any device.
        x: (n, n_in) float32. Any n, also 1.

    Returns:
        (n,) int64, computed as at test time.

    Checked by evaluate_exact and evaluate_mode.
    """
    raise NotImplementedError("lab3_mnist_mlp: predict")


def plot_history(history: History) -> "Figure":
    """Draw the learning curves, as after model.fit in the lecture's notebook.

    Two pairs of axes: the losses in one, the accuracies in the other, against the epoch, counted
    from 1. Validation is drawn where there is any. Every axis has a label. Import matplotlib
    inside the function.

    Args:
        history: As from fit.

    Returns:
        The figure.

    Checked by plot_curves.
    """
    raise NotImplementedError("lab3_mnist_mlp: plot_history")
