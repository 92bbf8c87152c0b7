"""My lab4."""

import copy

import numpy as np
import torch
import torch.nn.functional as F  # noqa: N812  the name everybody uses
from torch import nn


def _grads(function, grad_out, *arrays):
    with torch.enable_grad():
        tensors = [torch.tensor(a, requires_grad=True) for a in arrays]
        grads = torch.autograd.grad(function(*tensors), tensors, torch.tensor(grad_out))
    return tuple(g.numpy() for g in grads)


def output_size(size, kernel, stride, padding):
    """Ask range."""
    if size < 1 or kernel < 1 or padding < 0 or stride < 1:
        raise ValueError("too small")
    starts = range(-padding, size + padding - kernel + 1, stride)
    if not starts:
        raise ValueError("does not fit")
    return len(starts)


def conv2d_forward(x, weights, bias, stride=1, padding=0):
    """By einsum over all windows."""
    big = np.pad(x, ((0, 0), (0, 0), (padding,) * 2, (padding,) * 2))
    windows = np.lib.stride_tricks.sliding_window_view(big, weights.shape[2:], axis=(2, 3))
    seen = windows[:, :, ::stride, ::stride]
    return (
        np.einsum("ncrsij,fcij->nfrs", seen, weights[:, :, ::-1, ::-1], optimize="greedy") + bias[None, :, None, None]
    )


def conv2d_backward(grad_out, x, weights, stride=1, padding=0):
    """By autograd."""
    bias = np.zeros(len(weights))
    return _grads(lambda *at: F.conv2d(*at, stride, padding), grad_out, x, weights, bias)


def max_pool_forward(x, size, stride):
    """By torch."""
    return F.max_pool2d(torch.tensor(x), size, stride).numpy()


def max_pool_backward(grad_out, x, size, stride):
    """By torch, which gives ties to the first too."""
    return _grads(lambda at: F.max_pool2d(at, size, stride), grad_out, x)[0]


def sobel(image):
    """By complex numbers: one filter, two directions."""
    k = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(image, dtype=float), (3, 3))
    return np.abs(np.einsum("rsij,ij->rs", windows, k + 1j * k.T))


def batch_norm_forward(x, gamma, beta, running, training, momentum=0.1, eps=1e-5):
    """By torch."""
    mean, var = torch.tensor(running["mean"]), torch.tensor(running["var"])
    args = (torch.tensor(x), mean, var, torch.tensor(gamma), torch.tensor(beta))
    out = F.batch_norm(*args, bool(training), momentum, eps)
    return out.numpy(), {"mean": mean.numpy(), "var": var.numpy()}


def batch_norm_backward(grad_out, x, gamma, eps=1e-5):
    """In one formula with einsum."""
    m = x.size / x.shape[1]
    mean = np.einsum("nchw->c", x) / m
    d = x - mean[:, None, None]
    std = np.sqrt(np.einsum("nchw,nchw->c", d, d) / m + eps)
    h = d / std[:, None, None]
    grad_gamma, grad_beta = np.einsum("nchw,nchw->c", grad_out, h), np.einsum("nchw->c", grad_out)
    inner = m * grad_out - grad_beta[:, None, None] - h * grad_gamma[:, None, None]
    return inner * (gamma / std / m)[:, None, None], grad_gamma, grad_beta


def vgg16_table():
    """Typed off the slide."""
    shapes = [(3, 224), (64, 224), (64, 224), (64, 112), (128, 112), (128, 112), (128, 56)]
    shapes += [(256, 56)] * 3 + [(256, 28)] + [(512, 28)] * 3 + [(512, 14)] * 4 + [(512, 7)]
    shapes += [(4096, 1), (4096, 1), (1000, 1)]
    weights = [0, 1728, 36864, 0, 73728, 147456, 0, 294912, 589824, 589824, 0, 1179648, 2359296]
    weights += [2359296, 0, 2359296, 2359296, 2359296, 0, 102760448, 16777216, 4096000]
    names = [f"CONV3-{c}" if w else "POOL2" for (c, _), w in zip(shapes, weights, strict=True)]
    names[0], names[-3:] = "INPUT", ["FC"] * 3
    rows = zip(names, shapes, weights, strict=True)
    return [(name, (c, s, s), np.int64(c * s * s), w) for name, (c, s), w in rows]


def build_cnn(in_channels, image_size, n_classes, batch_norm=True, dropout=0.3):
    """With lazy layers, shaped by one image of zeros."""

    def stage(filters):
        norm = [nn.BatchNorm2d(filters)] if batch_norm else []
        return [nn.LazyConv2d(filters, 3, 1, 1), *norm, nn.ReLU(inplace=True), nn.MaxPool2d(2, 2)]

    body = nn.Sequential(*stage(16), *stage(32), nn.Flatten(), nn.LazyLinear(64), nn.ReLU())
    model = nn.Sequential(body, nn.Sequential(nn.Dropout(dropout), nn.Linear(64, n_classes)))
    model.eval()(torch.zeros(1, in_channels, image_size, image_size))
    return model.train()


def _layer(n_in, n_out, kernel, stride):
    conv = nn.Conv2d(n_in, n_out, kernel, stride, kernel // 2, bias=False)
    return nn.Sequential(conv, nn.BatchNorm2d(n_out))


class ResidualBlock(nn.Module):
    """From one kind of layer."""

    def __init__(self, in_channels, out_channels, stride=1):
        """Build."""
        super().__init__()
        self.one = _layer(in_channels, out_channels, 3, stride)
        self.two = _layer(out_channels, out_channels, 3, 1)
        is_same = stride == 1 and in_channels == out_channels
        self.skip = nn.Identity() if is_same else _layer(in_channels, out_channels, 1, stride)

    def forward(self, x):
        """Go."""
        return (self.two(self.one(x).relu()) + self.skip(x)).relu()


def fit(model, x, y, *, epochs, batch_size=128, learning_rate=3e-3, seed=0, device="cpu"):
    """With a generator for the order."""
    torch.manual_seed(seed + 1)
    order = torch.Generator().manual_seed(seed)
    model = model.to(device).train()
    batches = (len(x) + batch_size - 1) // batch_size
    adam = torch.optim.Adam(filter(lambda p: p.requires_grad, model.parameters()), learning_rate)
    fall = torch.optim.lr_scheduler.LinearLR(adam, 1.0, 1e-12, epochs * batches)
    losses, hits = torch.zeros(epochs), torch.zeros(epochs)
    for epoch in range(epochs):
        for batch in torch.randperm(len(x), generator=order).split(batch_size):
            xb, yb = x[batch].to(device), y[batch].to(device)
            logits = model(xb)
            loss = nn.CrossEntropyLoss()(logits, yb)
            adam.zero_grad()
            loss.backward()
            adam.step()
            fall.step()
            losses[epoch] += loss.detach().cpu() * len(batch) / len(x)
            hits[epoch] += (logits.argmax(1) == yb).sum().cpu() / len(x)
    return {"loss": losses.tolist(), "accuracy": hits.tolist()}


def predict(model, x):
    """On a copy, so that the model cannot change."""
    twin = copy.deepcopy(model).eval()
    device = next(twin.parameters()).device
    with torch.no_grad():
        return torch.cat([twin(part.to(device)).cpu() for part in x.split(2000)]).argmax(1)


def shift(images, dx, dy):
    """Multiply with two matrices of zeros and ones."""
    h, w = images.shape[-2:]
    rows, columns = np.eye(h, k=-dy), np.eye(w, k=dx)
    return (rows @ images.astype(float) @ columns).astype(images.dtype)


def augment(images, rng):
    """Nine shifted copies, of which each image takes one."""
    moves = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]
    copies = np.stack([shift(images, *move) for move in moves])
    return copies[rng.integers(0, 9, len(images)), np.arange(len(images))]


class _Still(nn.Module):
    """Holds a module that no train() reaches."""

    def __init__(self, module):
        """Keep."""
        super().__init__()
        self.module = module.eval()

    def train(self, mode=True):
        """Do not listen."""
        return self

    def forward(self, x):
        """Without a graph."""
        return self.module(x).detach()


def transfer(model, n_classes):
    """Body without the old head."""
    body = copy.deepcopy(model[0])
    for p in body.parameters():
        p.requires_grad = False
    return nn.Sequential(_Still(body), nn.Linear(64, n_classes)).to(next(body.parameters()).device)
