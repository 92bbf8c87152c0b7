"""A correct solution: NumPy by shifted slices; modules with names of their own; a DataLoader."""

import itertools

import numpy as np
import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def output_size(size, kernel, stride, padding):
    """Count the starts."""
    if size <= 0 or kernel <= 0 or stride <= 0 or padding < 0 or kernel > size + 2 * padding:
        raise ValueError("no such window")
    return len(range(0, size + 2 * padding - kernel + 1, stride))


def _slices(shape, height, width, stride, padding):
    """For each place in the kernel, the pixels of the padded image that meet it."""
    rows = output_size(shape[2], height, stride, padding)
    columns = output_size(shape[3], width, stride, padding)
    for i, j in itertools.product(range(height), range(width)):
        row_end, column_end = i + stride * (rows - 1) + 1, j + stride * (columns - 1) + 1
        yield i, j, np.s_[:, :, i:row_end:stride, j:column_end:stride]


def _framed(x, padding):
    n, c, h, w = x.shape
    out = np.zeros((n, c, h + 2 * padding, w + 2 * padding))
    out[:, :, padding : padding + h, padding : padding + w] = x
    return out


def conv2d_forward(x, weights, bias, stride=1, padding=0):
    """Add up one product for each place in the kernel."""
    big, out = _framed(x, padding), 0.0
    for i, j, at in _slices(x.shape, *weights.shape[2:], stride, padding):
        out = out + np.einsum("nchw,fc->nfhw", big[at], weights[:, :, i, j], optimize=True)
    return out + bias.reshape(1, -1, 1, 1)


def conv2d_backward(grad_out, x, weights, stride=1, padding=0):
    """The same, backwards."""
    big = _framed(x, padding)
    grad_big, grad_weights = np.zeros_like(big), np.zeros_like(weights)
    for i, j, at in _slices(x.shape, *weights.shape[2:], stride, padding):
        grad_weights[:, :, i, j] = np.einsum("nfhw,nchw->fc", grad_out, big[at], optimize=True)
        grad_big[at] += np.einsum("nfhw,fc->nchw", grad_out, weights[:, :, i, j], optimize=True)
    h, w = x.shape[2:]
    inner = grad_big[:, :, padding : padding + h, padding : padding + w]
    return inner, grad_weights, np.einsum("nfhw->f", grad_out)


def max_pool_forward(x, size, stride):
    """The maximum of the shifted images."""
    return np.max([x[at] for _, _, at in _slices(x.shape, size, size, stride, 0)], axis=0)


def max_pool_backward(grad_out, x, size, stride):
    """Give the gradient to the first that reaches the maximum."""
    largest, taken = max_pool_forward(x, size, stride), np.zeros(grad_out.shape, dtype=bool)
    grad_x = np.zeros_like(x)
    for _, _, at in _slices(x.shape, size, size, stride, 0):
        wins = (x[at] == largest) & ~taken
        grad_x[at] += grad_out * wins
        taken |= wins
    return grad_x


def sobel(image):
    """Smooth along one axis, take differences along the other."""
    a = np.array(image, dtype=float)
    smooth_rows = a[:-2] + 2 * a[1:-1] + a[2:]
    smooth_columns = a[:, :-2] + 2 * a[:, 1:-1] + a[:, 2:]
    x = smooth_rows[:, 2:] - smooth_rows[:, :-2]
    y = smooth_columns[2:] - smooth_columns[:-2]
    return np.sqrt(x * x + y * y)


def _rows(x):
    """Channels as columns."""
    return np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])


def _images(rows, shape):
    n, c, h, w = shape
    return np.moveaxis(rows.reshape(n, h, w, c), -1, 1)


def batch_norm_forward(x, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    """With one row a pixel."""
    rows = _rows(x)
    new = dict(running)
    mean, var = running["mean"], running["var"]
    if training:
        mean, var = np.mean(rows, axis=0), np.var(rows, axis=0)
        new["mean"] = running["mean"] + momentum * (mean - running["mean"])
        new["var"] = running["var"] + momentum * (np.var(rows, axis=0, ddof=1) - running["var"])
    return _images((rows - mean) / np.sqrt(var + eps) * gamma + beta, x.shape), new


def batch_norm_backward(grad_out, x, gamma, eps=1e-5):
    """Step by step through the graph."""
    rows, grad = _rows(x), _rows(grad_out)
    m = len(rows)
    centred = rows - rows.mean(axis=0)
    inverse = (np.mean(centred**2, axis=0) + eps) ** -0.5
    grad_gamma = np.sum(grad * centred * inverse, axis=0)
    grad_normed = grad * gamma
    grad_inverse = np.sum(grad_normed * centred, axis=0)
    grad_var = -0.5 * grad_inverse * inverse**3
    grad_centred = grad_normed * inverse + 2.0 / m * centred * grad_var
    grad_x = grad_centred - grad_centred.mean(axis=0)
    return _images(grad_x, x.shape), grad_gamma, grad.sum(axis=0)


def vgg16_table():
    """Read the layers off a string."""
    rows, c, s = [("INPUT", (3, 224, 224), 150528, 0)], 3, 224
    for word in "64 64 P 128 128 P 256 256 256 P 512 512 512 P 512 512 512 P".split():
        if word == "P":
            s //= 2
            rows.append(("POOL2", (c, s, s), c * s * s, 0))
        else:
            f = int(word)
            rows.append((f"CONV3-{f}", (f, s, s), f * s * s, 9 * c * f))
            c = f
    sizes = [c * s * s, 4096, 4096, 1000]
    return rows + [("FC", (b, 1, 1), b, a * b) for a, b in itertools.pairwise(sizes)]


class Net(nn.Module):
    """Layers registered back to front."""

    def __init__(self, in_channels, image_size, n_classes, batch_norm, dropout):
        """Build."""
        super().__init__()
        self.classify = nn.Linear(64, n_classes)
        self.switch_off = nn.Dropout(p=dropout)
        self.squeeze = nn.Linear(32 * (image_size // 4) * (image_size // 4), 64)
        self.steady = nn.ModuleList(
            nn.BatchNorm2d(f) if batch_norm else nn.Identity() for f in (16, 32)
        )
        self.look = nn.ModuleList(
            nn.Conv2d(a, b, (3, 3), padding="same", bias=not batch_norm)
            for a, b in ((in_channels, 16), (16, 32))
        )

    def features(self, x):
        """Hidden units."""
        for look, steady in zip(self.look, self.steady, strict=True):
            x = torch.max_pool2d(torch.relu(steady(look(x))), 2)
        return torch.relu(self.squeeze(x.reshape(len(x), -1)))

    def forward(self, x):
        """Logits."""
        return self.classify(self.switch_off(self.features(x)))


def build_cnn(in_channels, image_size, n_classes, batch_norm=True, dropout=0.3):
    """Build."""
    return Net(in_channels, image_size, n_classes, batch_norm, dropout)


class ResidualBlock(nn.Module):
    """Shortcut first, second convolution before the first."""

    def __init__(self, in_channels, out_channels, stride=1):
        """Build."""
        super().__init__()
        self.needs_projection = (in_channels, 1) != (out_channels, stride)
        if self.needs_projection:
            self.p = nn.Conv2d(in_channels, out_channels, kernel_size=1, stride=stride, bias=False)
            self.np = nn.BatchNorm2d(out_channels)
        self.b = nn.Conv2d(out_channels, out_channels, 3, padding=1, bias=False)
        self.nb = nn.BatchNorm2d(out_channels)
        self.a = nn.Conv2d(in_channels, out_channels, 3, stride=stride, padding=1, bias=False)
        self.na = nn.BatchNorm2d(out_channels)

    def forward(self, x):
        """Go."""
        same = self.np(self.p(x)) if self.needs_projection else x
        return (self.nb(self.b(self.na(self.a(x)).clamp(min=0))) + same).clamp(min=0)


def fit(model, x, y, *, epochs, batch_size=128, learning_rate=3e-3, seed=0, device="cpu"):
    """With a DataLoader."""
    torch.manual_seed(seed)
    model.to(device)
    model.train()
    loader = DataLoader(TensorDataset(x, y), batch_size=batch_size, shuffle=True)
    trainable = [p for p in model.parameters() if p.requires_grad]
    adam = torch.optim.Adam(trainable, learning_rate)
    rates = iter(np.linspace(learning_rate, 0, epochs * len(loader), endpoint=False))
    losses, accuracies = [], []
    for _ in range(epochs):
        seen = []
        for images, labels in loader:
            images, labels = images.to(device), labels.to(device)
            adam.param_groups[0]["lr"] = float(next(rates))
            adam.zero_grad()
            logits = model(images)
            each = nn.functional.cross_entropy(logits, labels, reduction="none")
            each.mean().backward()
            adam.step()
            right = (logits.argmax(1) == labels).float()
            seen.append(torch.stack([each.detach(), right]))
        loss, accuracy = torch.cat(seen, dim=1).mean(dim=1).tolist()
        losses.append(loss)
        accuracies.append(accuracy)
    return {"loss": losses, "accuracy": accuracies}


def predict(model, x):
    """Switch, ask, switch back."""
    mode, device = model.training, next(model.parameters()).device
    model.train(False)
    with torch.inference_mode():
        parts = [model(x[i : i + 500].to(device)).max(dim=1).indices for i in range(0, len(x), 500)]
    model.train(mode)
    return torch.cat(parts).cpu().clone()


def shift(images, dx, dy):
    """Pad, then cut."""
    h, w = images.shape[-2:]
    dx, dy = int(np.clip(dx, -w, w)), int(np.clip(dy, -h, h))
    rest = [(0, 0)] * (images.ndim - 2)
    big = np.pad(images, [*rest, (h, h), (w, w)])
    return big[..., h - dy : 2 * h - dy, w - dx : 2 * w - dx].copy()


def augment(images, rng):
    """One by one."""
    if not len(images):
        return images.copy()
    return np.stack([shift(image, *rng.choice([-1, 0, 1], 2)) for image in images])


class Reused(nn.Module):
    """Keeps the old network out of the reach of train()."""

    def __init__(self, old, n_classes):
        """Copy the weights into a new network."""
        super().__init__()
        conv, squeeze = old.look[0], old.squeeze
        side = round((squeeze.in_features // 32) ** 0.5) * 4
        has_norm = isinstance(old.steady[0], nn.BatchNorm2d)
        copy = Net(conv.in_channels, side, old.classify.out_features, has_norm, 0.0)
        copy.load_state_dict(old.state_dict())
        copy.classify = nn.Identity()
        self.old, self.head = copy, nn.Linear(64, n_classes)

    def forward(self, x):
        """Features without a graph, always in evaluation mode."""
        self.old.eval()
        with torch.no_grad():
            features = self.old.features(x)
        return self.head(features)


def transfer(model, n_classes):
    """Reuse."""
    return Reused(model, n_classes).to(model.classify.weight.device)
