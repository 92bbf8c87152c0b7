"""Reference solution of lab 4: convolutional networks. The docstrings are in the stub."""

import copy
import math

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812  the name everybody uses

Array = NDArray[np.float64]
Running = dict[str, Array]
Layer = tuple[str, tuple[int, int, int], int, int]

FILTERS, HIDDEN = (16, 32), 64  # of build_cnn
PREDICT_BATCH = 1000  # images at a time: memory stays small, however many there are


def output_size(size: int, kernel: int, stride: int, padding: int) -> int:
    """See the stub."""
    room = size + 2 * padding - kernel  # steps of 1 that the window can make
    if size < 1 or kernel < 1 or stride < 1 or padding < 0 or room < 0:
        message = f"a window of {kernel} with stride {stride} and padding {padding} on {size}"
        raise ValueError(message)
    return room // stride + 1


def windows_of(x: Array, height: int, width: int, stride: int) -> Array:
    """Look at all windows of some images without copying a number.

    Args:
        x: (batch, channels, rows, columns), already padded.
        height: Rows of a window.
        width: Columns of a window.
        stride: Rows and columns from one window to the next.

    Returns:
        (batch, channels, out_rows, out_columns, height, width), a view.
    """
    every = np.lib.stride_tricks.sliding_window_view(x, (height, width), axis=(2, 3))
    return every[:, :, ::stride, ::stride]


def padded(x: Array, padding: int) -> Array:
    """Put zeros around the images; batch and channels get none."""
    return np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))


def conv2d_forward(
    x: Array, weights: Array, bias: Array, stride: int = 1, padding: int = 0
) -> Array:
    """See the stub."""
    windows = windows_of(padded(x, padding), *weights.shape[2:], stride)
    # One matrix product of all windows with all filters: (n, rows, columns, filters).
    out = np.tensordot(windows, weights, axes=((1, 4, 5), (1, 2, 3)))
    return np.ascontiguousarray(out.transpose(0, 3, 1, 2)) + bias[:, None, None]


def conv2d_backward(
    grad_out: Array, x: Array, weights: Array, stride: int = 1, padding: int = 0
) -> tuple[Array, Array, Array]:
    """See the stub."""
    height, width = weights.shape[2:]
    rows, columns = grad_out.shape[2:]
    x_padded = padded(x, padding)
    windows = windows_of(x_padded, height, width, stride)
    # Each filter's gradient: its upstream gradient times the window it saw, over all places.
    grad_weights = np.tensordot(grad_out, windows, axes=((0, 2, 3), (0, 2, 3)))
    # What each window gets back; windows overlap, so the parts are added up where they lay.
    grad_windows = np.tensordot(grad_out, weights, axes=(1, 0))  # (n, rows, columns, c, kh, kw)
    grad_padded = np.zeros(x_padded.shape)
    for i in range(height):
        for j in range(width):
            # The pixels that sat in place (i, j) of a window, one for each window.
            at = np.s_[:, :, i : i + stride * rows : stride, j : j + stride * columns : stride]
            grad_padded[at] += grad_windows[..., i, j].transpose(0, 3, 1, 2)
    bottom, right = (size - padding for size in x_padded.shape[2:])
    return grad_padded[:, :, padding:bottom, padding:right], grad_weights, grad_out.sum((0, 2, 3))


def max_pool_forward(x: Array, size: int, stride: int) -> Array:
    """See the stub."""
    return windows_of(x, size, size, stride).max(axis=(4, 5))


def max_pool_backward(grad_out: Array, x: Array, size: int, stride: int) -> Array:
    """See the stub."""
    windows = windows_of(x, size, size, stride)
    n, channels, rows, columns = grad_out.shape
    # argmax gives the first of equals, in reading order once a window is laid out flat.
    first = windows.reshape(n, channels, rows, columns, size * size).argmax(axis=-1)
    image, channel, i, j = np.ogrid[:n, :channels, :rows, :columns]
    grad_x = np.zeros(x.shape)
    # add.at, because with overlapping windows one pixel may win several times.
    at = (image, channel, i * stride + first // size, j * stride + first % size)
    np.add.at(grad_x, at, grad_out)
    return grad_x


def sobel(image: Array) -> Array:
    """See the stub."""
    kernel_x = np.array([[-1.0, 0.0, 1.0], [-2.0, 0.0, 2.0], [-1.0, 0.0, 1.0]])
    kernels = np.stack([kernel_x, kernel_x.T])[:, None]  # (2, 1, 3, 3)
    # float64 first: whole numbers of 8 bits would wrap around.
    x = np.asarray(image, dtype=np.float64)[None, None]
    # Turning the kernels by 180 degrees, as a true convolution does, only flips both signs.
    along_x, along_y = conv2d_forward(x, kernels, np.zeros(2))[0]
    return np.hypot(along_x, along_y)


def batch_norm_forward(
    x: Array,
    gamma: Array,
    beta: Array,
    running: Running,
    training: bool,  # noqa: FBT001  the course fixes this signature
    momentum: float = 0.1,
    eps: float = 1e-5,
) -> tuple[Array, Running]:
    """See the stub."""
    if training:
        mean, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
        count = x.size // x.shape[1]  # numbers in one channel
        # The batch is divided by its own variance; what is remembered estimates everybody's.
        unbiased = var * count / (count - 1)
        running = {
            "mean": (1.0 - momentum) * running["mean"] + momentum * mean,
            "var": (1.0 - momentum) * running["var"] + momentum * unbiased,
        }
    else:
        mean, var = running["mean"], running["var"]
        running = {"mean": mean.copy(), "var": var.copy()}
    scale = gamma / np.sqrt(var + eps)  # (c,)
    out = (x - mean[:, None, None]) * scale[:, None, None] + beta[:, None, None]
    return out, running


def batch_norm_backward(
    grad_out: Array, x: Array, gamma: Array, eps: float = 1e-5
) -> tuple[Array, Array, Array]:
    """See the stub."""
    axes = (0, 2, 3)
    std = np.sqrt(x.var(axis=axes, keepdims=True) + eps)
    normed = (x - x.mean(axis=axes, keepdims=True)) / std
    grad_normed = grad_out * gamma[:, None, None]
    # Every pixel moves the mean and the variance of its channel too: these are the last two terms.
    grad_x = (
        grad_normed
        - grad_normed.mean(axis=axes, keepdims=True)
        - normed * (grad_normed * normed).mean(axis=axes, keepdims=True)
    ) / std
    return grad_x, (grad_out * normed).sum(axis=axes), grad_out.sum(axis=axes)


def vgg16_table() -> list[Layer]:
    """See the stub."""
    channels, size = 3, 224
    table: list[Layer] = [("INPUT", (3, 224, 224), 3 * 224 * 224, 0)]
    for filters, convolutions in ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3)):
        for _ in range(convolutions):
            shape = (filters, size, size)
            table.append((f"CONV3-{filters}", shape, math.prod(shape), 9 * channels * filters))
            channels = filters
        size //= 2
        shape = (channels, size, size)
        table.append(("POOL2", shape, math.prod(shape), 0))
    n_in = channels * size * size
    for n_out in (4096, 4096, 1000):
        table.append(("FC", (n_out, 1, 1), n_out, n_in * n_out))
        n_in = n_out
    return table


def build_cnn(
    in_channels: int,
    image_size: int,
    n_classes: int,
    batch_norm: bool = True,  # noqa: FBT001, FBT002  the course fixes this signature
    dropout: float = 0.3,
) -> nn.Module:
    """See the stub."""
    layers: list[nn.Module] = []
    channels = in_channels
    for filters in FILTERS:
        layers.append(nn.Conv2d(channels, filters, 3, padding=1))
        if batch_norm:
            layers.append(nn.BatchNorm2d(filters))
        layers += [nn.ReLU(), nn.MaxPool2d(2)]
        channels = filters
    side = image_size // 4  # two poolings, each rounding down: the same as one by 4
    layers += [nn.Flatten(), nn.Linear(channels * side * side, HIDDEN), nn.ReLU()]
    layers += [nn.Dropout(dropout), nn.Linear(HIDDEN, n_classes)]
    return nn.Sequential(*layers)


class ResidualBlock(nn.Module):
    """See the stub."""

    def __init__(self, in_channels: int, out_channels: int, stride: int = 1) -> None:
        """See the stub."""
        super().__init__()
        self.path = nn.Sequential(
            nn.Conv2d(in_channels, out_channels, 3, stride, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
            nn.ReLU(),
            nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False),
            nn.BatchNorm2d(out_channels),
        )
        self.shortcut: nn.Module = nn.Identity()
        if stride != 1 or in_channels != out_channels:  # else x cannot be added
            self.shortcut = nn.Sequential(
                nn.Conv2d(in_channels, out_channels, 1, stride, bias=False),
                nn.BatchNorm2d(out_channels),
            )

    def forward(self, x: Tensor) -> Tensor:
        """Map (batch, in_channels, height, width) to the block's output."""
        # The sum comes before the last ReLU: behind it the path could only ever add.
        return F.relu(self.path(x) + self.shortcut(x))


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
    """See the stub."""
    torch.manual_seed(seed)  # dropout draws from the global generator, so it is seeded as well
    model.to(device).train()
    x, y = x.to(device), y.to(device)
    optimizer = torch.optim.Adam(model.parameters(), lr=learning_rate)
    n = len(x)
    total = epochs * math.ceil(n / batch_size)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: 1 - step / max(total, 1))
    history: dict[str, list[float]] = {"loss": [], "accuracy": []}
    for _ in range(epochs):
        # Sums stay on the device: asking for a number at each step would make it wait.
        loss_sum = torch.zeros((), device=device)
        right = torch.zeros((), dtype=torch.int64, device=device)
        for batch in torch.randperm(n).to(device).split(batch_size):  # the last one may be short
            logits = model(x[batch])
            loss = F.cross_entropy(logits, y[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            loss_sum += loss.detach() * len(batch)
            right += (logits.argmax(dim=1) == y[batch]).sum()
        history["loss"].append(loss_sum.item() / n)
        history["accuracy"].append(right.item() / n)
    return history


@torch.no_grad()
def predict(model: nn.Module, x: Tensor) -> Tensor:
    """See the stub."""
    was_training = model.training
    model.eval()  # dropout off, and batch norm with what it remembers instead of this batch
    device = next(model.parameters()).device
    logits = [model(part.to(device)) for part in x.split(PREDICT_BATCH)]
    model.train(was_training)
    return torch.cat(logits).argmax(dim=1).cpu()


def shift(images: NDArray[np.generic], dx: int, dy: int) -> NDArray[np.generic]:
    """See the stub."""
    height, width = images.shape[-2:]
    out = np.zeros_like(images)
    if abs(dx) < width and abs(dy) < height:
        # What stays inside: rows from .. to in the old picture, and where they go in the new one.
        old_rows, new_rows = slice(max(-dy, 0), height - max(dy, 0)), slice(max(dy, 0), None)
        old_columns, new_columns = slice(max(-dx, 0), width - max(dx, 0)), slice(max(dx, 0), None)
        kept = images[..., old_rows, old_columns]
        out[..., new_rows, new_columns][..., : kept.shape[-2], : kept.shape[-1]] = kept
    return out


def augment(images: NDArray[np.generic], rng: np.random.Generator) -> NDArray[np.generic]:
    """See the stub."""
    moves = rng.integers(-1, 2, size=(len(images), 2))
    out = np.empty_like(images)
    for dx in (-1, 0, 1):  # nine kinds of shift, each made at once for all images that drew it
        for dy in (-1, 0, 1):
            chosen = (moves == (dx, dy)).all(axis=1)
            out[chosen] = shift(images[chosen], dx, dy)
    return out


class Transferred(nn.Module):
    """Features that stay as they are, and a head that learns."""

    def __init__(self, features: nn.Module, head: nn.Module) -> None:
        """Freeze the features."""
        super().__init__()
        self.features, self.head = features.requires_grad_(requires_grad=False), head
        self.train()

    def train(self, mode: bool = True) -> "Transferred":  # noqa: FBT001, FBT002  as nn.Module has it
        """Switch the head; the features stay in evaluation mode, or batch norm would learn on."""
        super().train(mode)
        self.features.eval()
        return self

    def forward(self, x: Tensor) -> Tensor:
        """Map (batch, channels, height, width) to logits."""
        return self.head(self.features(x))


def transfer(model: nn.Module, n_classes: int) -> nn.Module:
    """See the stub."""
    *features, last = copy.deepcopy(model)  # the model that was given stays as it is
    head = nn.Linear(last.in_features, n_classes)
    return Transferred(nn.Sequential(*features), head).to(last.weight.device)
