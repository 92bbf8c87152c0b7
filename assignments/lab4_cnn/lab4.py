"""Lab 4: convolutional networks, first by hand in NumPy, then with PyTorch.

Replace each ``raise NotImplementedError`` and nothing else; helper functions of your own are
welcome. The README has the equations. Images are (batch, channels, height, width). The functions by
hand take and return float64 arrays; the networks take and return float32 tensors, labels are int64.
No argument is changed in place, except the model that fit trains.
Source: Goodfellow, Bengio and Courville, Deep Learning (2016), chapter 9.
"""

import numpy as np
from numpy.typing import NDArray
from torch import Tensor, nn

Array = NDArray[np.float64]
Running = dict[str, Array]  # "mean" and "var", one number a channel
Layer = tuple[str, tuple[int, int, int], int, int]  # name, output shape, activations, weights


def output_size(size: int, kernel: int, stride: int, padding: int) -> int:
    """Count the positions of a window along one axis.

    Args:
        size: Pixels along this axis, at least 1.
        kernel: Length of the window, at least 1.
        stride: Pixels from one position to the next, at least 1.
        padding: Zeros put on each of the two ends, 0 or more.

    Returns:
        The number of positions at which the whole window fits.

    Raises:
        ValueError: If an argument is too small, or the window does not fit even once.

    Checked by output_size_worked and output_size_random.
    """
    raise NotImplementedError("lab4_cnn: output_size")


def conv2d_forward(
    x: Array, weights: Array, bias: Array, stride: int = 1, padding: int = 0
) -> Array:
    """Lay each filter on every window of the image (cross-correlation, as in PyTorch).

    Args:
        x: (n, c, h, w) float64.
        weights: (f, c, kh, kw) float64; kh and kw may differ.
        bias: (f,) float64, one number a filter.
        stride: Pixels from one window to the next, along both axes.
        padding: Zeros put on all four sides.

    Returns:
        (n, f, out_h, out_w) float64, sizes as output_size says.

    Checked by conv2d_worked, conv2d_forward_random, conv2d_time and conv2d_memory.
    """
    raise NotImplementedError("lab4_cnn: conv2d_forward")


def conv2d_backward(
    grad_out: Array, x: Array, weights: Array, stride: int = 1, padding: int = 0
) -> tuple[Array, Array, Array]:
    """Give the gradients of conv2d_forward.

    Args:
        grad_out: (n, f, out_h, out_w) float64, dloss/dout; the mean over the batch is in it.
        x: (n, c, h, w) float64, what went in.
        weights: (f, c, kh, kw) float64.
        stride: As in the forward pass.
        padding: As in the forward pass.

    Returns:
        grad_x (n, c, h, w), grad_weights (f, c, kh, kw) and grad_bias (f,), float64.

    Checked by conv2d_backward_worked, conv2d_backward_random and conv2d_time.
    """
    raise NotImplementedError("lab4_cnn: conv2d_backward")


def max_pool_forward(x: Array, size: int, stride: int) -> Array:
    """Keep the largest pixel of each window; no padding, and what no window reaches is left out.

    Args:
        x: (n, c, h, w) float64.
        size: Rows and columns of a window.
        stride: Pixels from one window to the next; windows may overlap or leave gaps.

    Returns:
        (n, c, out_h, out_w) float64.

    Checked by max_pool_worked and max_pool_random.
    """
    raise NotImplementedError("lab4_cnn: max_pool_forward")


def max_pool_backward(grad_out: Array, x: Array, size: int, stride: int) -> Array:
    """Give the gradient of max_pool_forward.

    Args:
        grad_out: (n, c, out_h, out_w) float64, dloss/dout.
        x: (n, c, h, w) float64, what went in. Among equal largest pixels of a window the first
            one, row by row, gets all of the gradient.
        size: As in the forward pass.
        stride: As in the forward pass.

    Returns:
        grad_x (n, c, h, w) float64.

    Checked by max_pool_worked, max_pool_random and max_pool_ties.
    """
    raise NotImplementedError("lab4_cnn: max_pool_backward")


def sobel(image: Array) -> Array:
    """Measure how steep an image is at each pixel that has neighbours on all sides.

    Args:
        image: (h, w) of any dtype, uint8 too; h and w at least 3.

    Returns:
        (h - 2, w - 2) float64, the length of the gradient.

    Checked by sobel_worked and sobel_random.
    Source: lecture 3, Convolutional Layers.
    """
    raise NotImplementedError("lab4_cnn: sobel")


def batch_norm_forward(
    x: Array,
    gamma: Array,
    beta: Array,
    running: Running,
    training: bool,  # noqa: FBT001  the course fixes this signature
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[Array, Running]:
    """Normalise each channel, then scale it by gamma and move it by beta.

    Args:
        x: (n, c, h, w) float64.
        gamma: (c,) float64.
        beta: (c,) float64.
        running: What is remembered: "mean" (c,) and "var" (c,), float64.
        training: True: normalise by this batch and remember it; False: by what is remembered.
        momentum: Share of the new in what is remembered, in [0, 1].
        eps: Added to the variance, inside the root.

    Returns:
        out (n, c, h, w) float64, and a new dict "mean", "var": the old one is left as it is. At
        test time its numbers are the old ones.

    Checked by batch_norm_worked and batch_norm_forward_random.
    Source: Ioffe and Szegedy (2015), arXiv:1502.03167, Algorithm 1.
    """
    raise NotImplementedError("lab4_cnn: batch_norm_forward")


def batch_norm_backward(
    grad_out: Array, x: Array, gamma: Array, eps: float = 1e-5
) -> tuple[Array, Array, Array]:
    """Give the gradients of batch_norm_forward in training.

    Args:
        grad_out: (n, c, h, w) float64, dloss/dout.
        x: (n, c, h, w) float64, what went in; its mean and variance depend on every pixel.
        gamma: (c,) float64.
        eps: As in the forward pass.

    Returns:
        grad_x (n, c, h, w), grad_gamma (c,) and grad_beta (c,), float64.

    Checked by batch_norm_backward_random.
    """
    raise NotImplementedError("lab4_cnn: batch_norm_backward")


def vgg16_table() -> list[Layer]:
    """Account for VGG-16, row by row as on the slide.

    Returns:
        22 rows (name, output shape, activations, weights). Names as on the slide: "INPUT",
        "CONV3-64", "POOL2", "FC". Shapes are (channels, height, width), (4096, 1, 1) for the first
        FC. Activations are the product of the shape; weights do not count biases. All are whole.

    Checked by vgg16_totals and vgg16_rows.
    Source: Simonyan and Zisserman (2015), arXiv:1409.1556, table 1, configuration D.
    """
    raise NotImplementedError("lab4_cnn: vgg16_table")


def build_cnn(
    in_channels: int,
    image_size: int,
    n_classes: int,
    batch_norm: bool = True,  # noqa: FBT001, FBT002  the course fixes this signature
    dropout: float = 0.3,
) -> nn.Module:
    """Build the network of the README's table of layers, with PyTorch's initial weights.

    Args:
        in_channels: 1 for grey images.
        image_size: Height and width of the square images, at least 4.
        n_classes: Number of logits.
        batch_norm: Whether batch norm stands between each convolution and its ReLU.
        dropout: Probability that a hidden unit is switched off while training, in [0, 1).

    Returns:
        A module from (batch, in_channels, image_size, image_size) float32 to logits (batch,
        n_classes) float32.

    Checked by cnn_structure and cnn_dropout, and by what trains it.
    """
    raise NotImplementedError("lab4_cnn: build_cnn")


class ResidualBlock(nn.Module):
    """A block that learns what to add to its input: relu(F(x) + shortcut(x)), see the README.

    Checked by residual_block.
    Source: He, Zhang, Ren and Sun (2016), arXiv:1512.03385, figure 2 and section 3.3.
    """

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        """Build the layers.

        Args:
            in_channels: Channels of the input.
            out_channels: Channels of the output.
            stride: Of the first convolution, and of the projection if there is one.
        """
        super().__init__()
        raise NotImplementedError("lab4_cnn: ResidualBlock")

    def forward(self, x: Tensor) -> Tensor:
        """Map (batch, in_channels, h, w) float32 to (batch, out_channels, out_h, out_w) float32."""
        raise NotImplementedError("lab4_cnn: ResidualBlock.forward")


def fit(
    model: nn.Module,
    x: Tensor,
    y: Tensor,
    *,
    epochs: int,
    batch_size: int = 128,
    learning_rate: float = 3e-3,
    seed: int = 0,
    device: str = "cpu",
) -> dict[str, list[float]]:
    """Train a model in place with mean cross-entropy and Adam, in training mode.

    Step t of T in all, counted from 0, has the learning rate learning_rate * (1 - t / T). Every
    epoch takes the images in a new random order; the last batch may be short.

    Args:
        model: Gives logits (batch, classes). It may be in any mode; some weights may be frozen.
        x: (n, channels, height, width) float32.
        y: (n,) int64 class indices.
        epochs: Times through the data, at least 1.
        batch_size: Images a step. More than n means all of them.
        learning_rate: Adam's at the first step; its other settings are PyTorch's defaults.
        seed: All randomness of fit follows from it, that of dropout too.
        device: Where to train: "cpu" or "cuda". Model and data are moved there.

    Returns:
        "loss" and "accuracy", a list of one number an epoch each: means over all images of what
        the model answered, in training mode, when its step was made.

    Checked by cnn_learns, fit_steps, fit_batches, fit_seed and cnn_accuracy.
    """
    raise NotImplementedError("lab4_cnn: fit")


def predict(model: nn.Module, x: Tensor) -> Tensor:
    """Name the class with the largest logit, in evaluation mode.

    The model is left as it was, and in the mode it was in.

    Args:
        model: Gives logits (batch, classes); on any device.
        x: (n, channels, height, width) float32. There may be 60,000.

    Returns:
        (n,) int64, on the CPU.

    Checked by predict_modes.
    """
    raise NotImplementedError("lab4_cnn: predict")


def shift(images: NDArray[np.generic], dx: int, dy: int) -> NDArray[np.generic]:
    """Move images; zeros come in at the border.

    Args:
        images: (..., height, width) NumPy array of any dtype, with at least one axis in front.
        dx: Pixels to the right; negative to the left. May exceed the width.
        dy: Pixels down; negative up. May exceed the height.

    Returns:
        A new array of the same shape and dtype.

    Checked by shift_worked and shift_random.
    """
    raise NotImplementedError("lab4_cnn: shift")


def augment(images: NDArray[np.generic], rng: np.random.Generator) -> NDArray[np.generic]:
    """Move each image by a shift of its own; image i stays in place i, for its label's sake.

    Args:
        images: (n, height, width) or (n, channels, height, width) NumPy array of any dtype.
        rng: The only source of randomness. For each image dx and dy are drawn independently, each
            -1, 0 or 1 with equal probability.

    Returns:
        A new array of the same shape and dtype.

    Checked by augment_draws.
    """
    raise NotImplementedError("lab4_cnn: augment")


def transfer(model: nn.Module, n_classes: int) -> nn.Module:
    """Reuse a trained network for other classes: its features, frozen, and a new last layer.

    Args:
        model: What build_cnn returned, trained or not. It is left as it is, also when the new
            model is trained: they share no tensor.
        n_classes: Logits of the new model.

    Returns:
        A module for fit and predict. Everything but the new last linear layer keeps model's weights
        and statistics, bit for bit, and always works as in evaluation mode, also after .train().

    Checked by transfer_frozen.
    """
    raise NotImplementedError("lab4_cnn: transfer")
