"""A correct solution: im2col by index arrays; parameters by hand instead of torch's layers."""

import math

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F  # noqa: N812  the name everybody uses


def output_size(size, kernel, stride, padding):
    """By the formula."""
    if min(size, kernel, stride) < 1 or padding < 0:
        raise ValueError
    result = math.floor((size + 2 * padding - kernel) / stride) + 1
    if size + 2 * padding < kernel:
        raise ValueError(result)
    return result


def _indices(shape, height, width, stride, padding):
    """Places in the flattened padded image: (rows * columns, c * height * width)."""
    _, c, h, w = shape
    tall, wide = h + 2 * padding, w + 2 * padding
    rows = output_size(h, height, stride, padding)
    columns = output_size(w, width, stride, padding)
    start = (stride * np.arange(rows)[:, None] * wide + stride * np.arange(columns)).reshape(-1, 1)
    inside = (np.arange(height)[:, None] * wide + np.arange(width)).reshape(-1)
    one = (np.arange(c)[:, None] * tall * wide + inside).reshape(1, -1)
    return start + one, rows, columns, tall, wide


def _columns(x, height, width, stride, padding):
    at, rows, columns, tall, wide = _indices(x.shape, height, width, stride, padding)
    big = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    return big.reshape(len(x), -1)[:, at], at, rows, columns, tall, wide


def conv2d_forward(x, weights, bias, stride=1, padding=0):
    """One matrix product."""
    patches, _, rows, columns, _, _ = _columns(x, *weights.shape[2:], stride, padding)
    out = patches @ weights.reshape(len(weights), -1).T + bias
    return out.transpose(0, 2, 1).reshape(len(x), len(weights), rows, columns)


def conv2d_backward(grad_out, x, weights, stride=1, padding=0):
    """Two matrix products, and bincount to put the patches back."""
    patches, at, _, _, tall, wide = _columns(x, *weights.shape[2:], stride, padding)
    n, f = grad_out.shape[:2]
    grad = grad_out.reshape(n, f, -1)
    grad_weights = np.tensordot(grad, patches, axes=((0, 2), (0, 1))).reshape(weights.shape)
    grad_patches = grad.transpose(0, 2, 1) @ weights.reshape(f, -1)
    length = x.shape[1] * tall * wide
    where = (np.arange(n)[:, None] * length + at.reshape(1, -1)).ravel()
    big = np.bincount(where, weights=grad_patches.ravel(), minlength=n * length)
    big = big.reshape(n, x.shape[1], tall, wide)
    cut = slice(padding, None if padding == 0 else -padding)
    return big[:, :, cut, cut], grad_weights, grad.sum(axis=(0, 2))


def _pool_patches(x, size, stride):
    n, c, h, w = x.shape
    patches, at, rows, columns, _, _ = _columns(x.reshape(n * c, 1, h, w), size, size, stride, 0)
    return patches, at, (n, c, rows, columns)


def max_pool_forward(x, size, stride):
    """Largest of each patch."""
    patches, _, shape = _pool_patches(x, size, stride)
    return patches.max(axis=2).reshape(shape)


def max_pool_backward(grad_out, x, size, stride):
    """Loop over windows."""
    patches, at, _ = _pool_patches(x, size, stride)
    grad_x = np.zeros((len(patches), x.shape[2] * x.shape[3]))
    grad = grad_out.reshape(len(patches), -1)
    for place in range(at.shape[0]):
        best = patches[:, place].argmax(axis=1)
        grad_x[np.arange(len(patches)), at[place, best]] += grad[:, place]
    return grad_x.reshape(x.shape)


def sobel(image):
    """Pixel by pixel."""
    a = [[float(v) for v in row] for row in np.asarray(image)]
    out = np.empty((len(a) - 2, len(a[0]) - 2))
    for i, j in np.ndindex(out.shape):
        (p, q, r), (s, _, t), (u, v, w) = (a[i + k][j : j + 3] for k in range(3))
        out[i, j] = math.hypot(r + 2 * t + w - p - 2 * s - u, u + 2 * v + w - p - 2 * q - r)
    return out


def batch_norm_forward(x, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    """Channel by channel."""
    out, new = np.empty_like(x), {"mean": running["mean"].copy(), "var": running["var"].copy()}
    for c in range(x.shape[1]):
        mean, var = running["mean"][c], running["var"][c]
        if training:
            mean, var = x[:, c].mean(), x[:, c].var()
            new["mean"][c] += momentum * (mean - new["mean"][c])
            new["var"][c] += momentum * (x[:, c].var(ddof=1) - new["var"][c])
        out[:, c] = (x[:, c] - mean) / math.sqrt(var + eps) * gamma[c] + beta[c]
    return out, new


def batch_norm_backward(grad_out, x, gamma, eps=1e-5):
    """By torch's autograd."""
    a = torch.tensor(x, requires_grad=True)
    g = torch.tensor(gamma, requires_grad=True)
    b = torch.zeros_like(g, requires_grad=True)
    out = F.batch_norm(a, None, None, g, b, training=True, eps=eps)
    return tuple(t.numpy() for t in torch.autograd.grad(out, (a, g, b), torch.tensor(grad_out)))


def vgg16_table():
    """Shapes first, then numbers."""
    names, shapes = ["INPUT"], [[3, 224, 224]]
    for stage in range(5):
        filters, size = min(64 << stage, 512), 224 >> stage
        names += [f"CONV3-{filters}"] * (2 if stage < 2 else 3) + ["POOL2"]
        shapes += [[filters, size, size]] * (2 if stage < 2 else 3) + [
            [filters, size // 2, size // 2]
        ]
    names, shapes = [*names, "FC", "FC", "FC"], [*shapes, [4096, 1, 1], [4096, 1, 1], [1000, 1, 1]]
    rows = []
    for name, shape, before in zip(names, shapes, [None, *shapes], strict=False):
        kinds = {"C": lambda s, b: 9 * b[0] * s[0], "F": lambda s, b: s[0] * b[0] * b[1] * b[2]}
        weights = kinds[name[0]](shape, before) if name[0] in kinds else 0
        rows.append([name, tuple(shape), shape[0] * shape[1] * shape[2], weights])
    return rows


class Norm(nn.Module):
    """Batch norm from parameters and buffers."""

    def __init__(self, c):
        """Start."""
        super().__init__()
        self.gain, self.offset = nn.Parameter(torch.ones(c)), nn.Parameter(torch.zeros(c))
        self.register_buffer("centre", torch.zeros(c))
        self.register_buffer("spread", torch.ones(c))

    def forward(self, x):
        """Normalise."""
        return F.batch_norm(x, self.centre, self.spread, self.gain, self.offset, self.training)


class Functional(nn.Module):
    """All parameters in one module, linear weights as (n_in, n_out)."""

    def __init__(self, in_channels, image_size, n_classes, batch_norm, dropout):
        """Draw the weights as nn.Conv2d and nn.Linear do."""
        super().__init__()
        flat, self.rate, self.has_norm = 32 * (image_size // 4) ** 2, dropout, batch_norm

        def draw(*shape, fan_in):
            return nn.Parameter((torch.rand(shape) * 2 - 1) / math.sqrt(fan_in))

        self.w1 = draw(16, in_channels, 3, 3, fan_in=9 * in_channels)
        self.w2 = draw(32, 16, 3, 3, fan_in=144)
        self.b1, self.b2 = draw(16, fan_in=9 * in_channels), draw(32, fan_in=144)
        self.v1, self.c1 = draw(flat, 64, fan_in=flat), draw(64, fan_in=flat)
        self.v2, self.c2 = draw(64, n_classes, fan_in=64), draw(n_classes, fan_in=64)
        self.norms = [16, 32] if batch_norm else []
        for i, c in enumerate(self.norms):
            self.register_parameter(f"gamma{i}", nn.Parameter(torch.ones(c)))
            self.register_parameter(f"beta{i}", nn.Parameter(torch.zeros(c)))
            self.register_buffer(f"mean{i}", torch.zeros(c))
            self.register_buffer(f"var{i}", torch.ones(c))

    def norm(self, x, i):
        """Normalise, if asked."""
        if not self.has_norm:
            return x
        parts = [getattr(self, f"{name}{i}") for name in ("mean", "var", "gamma", "beta")]
        return F.batch_norm(x, *parts, self.training)

    def hidden(self, x):
        """Units before dropout."""
        x = F.max_pool2d(self.norm(F.conv2d(x, self.w1, self.b1, padding=1), 0).relu(), 2)
        x = F.max_pool2d(self.norm(F.conv2d(x, self.w2, self.b2, padding=1), 1).relu(), 2)
        return (x.flatten(1) @ self.v1 + self.c1).relu()

    def forward(self, x):
        """Logits."""
        return F.dropout(self.hidden(x), self.rate, self.training) @ self.v2 + self.c2


def build_cnn(in_channels, image_size, n_classes, batch_norm=True, dropout=0.3):
    """Build."""
    return Functional(in_channels, image_size, n_classes, batch_norm, dropout)


class ResidualBlock(nn.Module):
    """Parameters first, statistics behind."""

    def __init__(self, in_channels, out_channels, stride=1):
        """Build."""
        super().__init__()
        self.stride, o = stride, out_channels
        kernels = [(o, in_channels, 3, 3), (o, o, 3, 3)]
        if stride > 1 or in_channels != o:
            kernels.append((o, in_channels, 1, 1))
        self.count = len(kernels)
        for i, shape in enumerate(kernels):
            kernel = nn.init.kaiming_normal_(torch.empty(shape))
            self.register_parameter(f"kernel{i}", nn.Parameter(kernel))
            self.register_parameter(f"gamma{i}", nn.Parameter(torch.ones(o)))
            self.register_parameter(f"beta{i}", nn.Parameter(torch.zeros(o)))
            self.register_buffer(f"mean{i}", torch.zeros(o))
            self.register_buffer(f"var{i}", torch.ones(o))

    def layer(self, x, i, stride, padding):
        """Convolution and norm."""
        x = F.conv2d(x, getattr(self, f"kernel{i}"), stride=stride, padding=padding)
        parts = [getattr(self, f"{name}{i}") for name in ("mean", "var", "gamma", "beta")]
        return F.batch_norm(x, *parts, self.training)

    def forward(self, x):
        """Go."""
        path = self.layer(self.layer(x, 0, self.stride, 1).relu(), 1, 1, 1)
        return (path + (self.layer(x, 2, self.stride, 0) if self.count == 3 else x)).relu()


def fit(model, x, y, *, epochs, batch_size=128, learning_rate=3e-3, seed=0, device="cpu"):
    """With NumPy's order and Adam written out in torch's functional form."""
    rng, n = np.random.default_rng(seed), len(x)
    torch.manual_seed(seed)
    model.train().to(device)
    x, y = x.to(device), y.to(device)
    weights = [p for p in model.parameters() if p.requires_grad]
    moments = [(torch.zeros_like(p), torch.zeros_like(p)) for p in weights]
    step, steps = 0, epochs * -(-n // batch_size)
    history = {"loss": [], "accuracy": []}
    for _ in range(epochs):
        order, sums = rng.permutation(n), np.zeros(2)
        for first in range(0, n, batch_size):
            batch = torch.as_tensor(order[first : first + batch_size], device=device)
            logits = model(x[batch])
            loss = -logits.log_softmax(1).gather(1, y[batch, None]).mean()
            grads = torch.autograd.grad(loss, weights)
            rate, step = learning_rate * (steps - step) / steps, step + 1
            with torch.no_grad():
                for p, g, (m, v) in zip(weights, grads, moments, strict=True):
                    m.mul_(0.9).add_(0.1 * g)
                    v.mul_(0.999).add_(0.001 * g * g)
                    p -= rate * m / (1 - 0.9**step) / ((v / (1 - 0.999**step)).sqrt() + 1e-8)
            hits = (logits.argmax(1) == y[batch]).sum().item()
            sums += [loss.item() * len(batch), hits]
        history["loss"].append(sums[0] / n)
        history["accuracy"].append(sums[1] / n)
    return history


def predict(model, x):
    """In pieces."""
    before = model.training
    try:
        with torch.no_grad():
            model.eval()
            where = next(iter(model.parameters())).device
            return torch.cat([model(p.to(where)).argmax(-1).cpu() for p in x.split(256)])
    finally:
        model.train(before)


def shift(images, dx, dy):
    """With roll, and zeros over what wrapped."""
    out = np.roll(images, (dy, dx), axis=(-2, -1))
    h, w = images.shape[-2:]
    out[..., : min(max(dy, 0), h), :] = 0
    out[..., max(h + min(dy, 0), 0) :, :] = 0
    out[..., : min(max(dx, 0), w)] = 0
    out[..., max(w + min(dx, 0), 0) :] = 0
    return out


def augment(images, rng):
    """By fancy indices into a padded copy."""
    n, h, w = len(images), *images.shape[-2:]
    dx, dy = rng.integers(3, size=(2, n)) - 1
    flat = images.reshape(n, -1, h, w)
    big = np.pad(flat, ((0, 0), (0, 0), (1, 1), (1, 1)))
    rows = (1 - dy)[:, None] + np.arange(h)
    columns = (1 - dx)[:, None] + np.arange(w)
    out = big[np.arange(n)[:, None, None], :, rows[:, :, None], columns[:, None, :]]
    return np.moveaxis(out, -1, 1).reshape(images.shape)


class Head(nn.Module):
    """The frozen tensors are buffers: no optimiser ever sees them."""

    def __init__(self, old, n_classes):
        """Copy."""
        super().__init__()
        self.has_norm = old.has_norm
        for name, tensor in old.state_dict().items():
            if name not in ("v2", "c2"):
                self.register_buffer(name, tensor.clone())
        bound = 1 / 8
        self.v2 = nn.Parameter(torch.empty(64, n_classes).uniform_(-bound, bound))
        self.c2 = nn.Parameter(torch.zeros(n_classes))

    def norm(self, x, i):
        """With what is remembered."""
        if not self.has_norm:
            return x
        parts = [getattr(self, f"{name}{i}") for name in ("mean", "var", "gamma", "beta")]
        return F.batch_norm(x, *parts, training=False)

    def forward(self, x):
        """Old features, new head."""
        return Functional.hidden(self, x) @ self.v2 + self.c2


def transfer(model, n_classes):
    """Reuse."""
    return Head(model, n_classes).to(model.v1.device)
