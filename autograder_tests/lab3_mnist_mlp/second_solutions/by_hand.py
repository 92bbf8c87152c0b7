"""Parameters, normalisation, gradient steps and log-softmax by hand; PyTorch only differentiates."""

import torch
from torch import nn


def prepare_images(images, max_value=255):
    rows = [image.reshape(-1).to(torch.float32).div(float(max_value)) for image in images]
    return torch.stack(rows)


def one_hot(labels, classes):
    return (labels.reshape(-1, 1) == torch.arange(classes).reshape(1, -1)).float()


class Network(nn.Module):
    def __init__(self, sizes, dropout, batch_norm):
        super().__init__()
        self.dropout, self.batch_norm, self.depth = dropout, batch_norm, len(sizes) - 1
        for i in range(self.depth):
            n_in, n_out = sizes[i], sizes[i + 1]
            limit = (6.0 / (n_in + n_out)) ** 0.5
            w = (2.0 * torch.rand(n_in, n_out) - 1.0) * limit  # (n_in, n_out), as in lab 2
            self.register_parameter(f"w{i}", nn.Parameter(w))
            self.register_parameter(f"b{i}", nn.Parameter(torch.zeros(n_out)))
            if batch_norm and i < self.depth - 1:
                self.register_buffer(f"var{i}", torch.ones(n_out))
                self.register_buffer(f"mean{i}", torch.zeros(n_out))
                self.register_parameter(f"shift{i}", nn.Parameter(torch.zeros(n_out)))
                self.register_parameter(f"scale{i}", nn.Parameter(torch.ones(n_out)))

    def normalise(self, x, i):
        mean, var = getattr(self, f"mean{i}"), getattr(self, f"var{i}")
        if self.training:
            batch_mean, n = x.mean(0), x.shape[0]
            batch_var = ((x - batch_mean) ** 2).mean(0)
            with torch.no_grad():
                mean.copy_(0.9 * mean + 0.1 * batch_mean)
                var.copy_(0.9 * var + 0.1 * batch_var * n / (n - 1))
            mean, var = batch_mean, batch_var
        x = (x - mean) / torch.sqrt(var + 1e-5)
        return x * getattr(self, f"scale{i}") + getattr(self, f"shift{i}")

    def forward(self, x):
        for i in range(self.depth):
            x = x @ getattr(self, f"w{i}") + getattr(self, f"b{i}")
            if i < self.depth - 1:
                if self.batch_norm:
                    x = self.normalise(x, i)
                x = x * (x > 0)
                if self.training and self.dropout > 0:
                    x = (
                        x
                        * torch.bernoulli(torch.full_like(x, 1 - self.dropout))
                        / (1 - self.dropout)
                    )
        return x


def build_softmax_regression(n_in, n_classes):
    return Network([n_in, n_classes], 0.0, False)


def build_mlp(n_in, hidden, n_classes, dropout=0.0, batch_norm=False):
    middle = list(hidden) if hasattr(hidden, "__len__") else [hidden]
    return Network([n_in] + middle + [n_classes], dropout, batch_norm)


def count_parameters(model):
    return int(sum(p.shape.numel() for _, p in model.named_parameters() if p.requires_grad))


def losses(logits, y):
    top = logits.max(dim=1, keepdim=True).values.detach()
    log_sum = torch.log(torch.exp(logits - top).sum(dim=1)) + top[:, 0]
    return log_sum - logits[torch.arange(len(y), device=logits.device), y]


class Steps:
    def __init__(self, kind, parameters, rate):
        self.kind, self.parameters, self.rate, self.t = kind, parameters, rate, 0
        self.m = [torch.zeros_like(p) for p in parameters]
        self.v = [torch.zeros_like(p) for p in parameters]

    def make(self, grads):
        self.t += 1
        for p, g, m, v in zip(self.parameters, grads, self.m, self.v):
            if self.kind == "sgd":
                p -= self.rate * g
            elif self.kind == "momentum":
                m.copy_(0.9 * m + g)
                p -= self.rate * m
            elif self.kind == "rmsprop":
                v.copy_(0.9 * v + 0.1 * g * g)
                p -= self.rate * g / (torch.sqrt(v) + 1e-7)
            elif self.kind == "adam":
                m.copy_(0.9 * m + 0.1 * g)
                v.copy_(0.999 * v + 0.001 * g * g)
                mean, square = m / (1 - 0.9**self.t), v / (1 - 0.999**self.t)
                p -= self.rate * mean / (torch.sqrt(square) + 1e-8)


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
    import numpy as np

    rng = np.random.default_rng(seed)
    torch.manual_seed(seed + 1)
    model.to(device)
    x, y = x.to(device), y.to(device)
    parameters = list(model.parameters())
    steps = Steps(optimizer, parameters, learning_rate)
    history = dict(loss=[], accuracy=[], val_loss=[], val_accuracy=[])
    best_state, best_epoch = None, -1
    for epoch in range(epochs):
        model.train()
        order = torch.from_numpy(rng.permutation(len(x))).to(device)
        xs, ys = x[order], y[order]
        epoch_losses, epoch_hits = [], []
        for start in range(0, len(x), batch_size):
            xb, yb = xs[start : start + batch_size], ys[start : start + batch_size]
            logits = model(xb)
            each = losses(logits, yb)
            grads = torch.autograd.grad(each.mean(), parameters)
            epoch_losses.extend(each.tolist())
            epoch_hits.extend((logits.argmax(1) == yb).tolist())
            with torch.no_grad():
                steps.make(grads)
        history["loss"].append(float(np.mean(epoch_losses)))
        history["accuracy"].append(float(np.mean(epoch_hits)))
        if x_val is not None:
            for key, value in zip(("val_loss", "val_accuracy"), evaluate(model, x_val, y_val)):
                history[key].append(value)
            if patience is not None:
                if history["val_loss"][-1] == min(history["val_loss"]):
                    if best_epoch < 0 or history["val_loss"][-1] < history["val_loss"][best_epoch]:
                        best_epoch = epoch
                        best_state = [t.detach().clone() for t in model.state_dict().values()]
                if epoch - best_epoch == patience:
                    break
    if best_state is not None:
        for tensor, best in zip(model.state_dict().values(), best_state):
            tensor.copy_(best)
    return history


def at_test_time(model, x):
    before = model.training
    model.eval()
    try:
        with torch.no_grad():
            return model(x.to(next(model.parameters()).device))
    finally:
        model.train(before)


def evaluate(model, x, y):
    logits = at_test_time(model, x)
    y = y.to(logits.device)
    return losses(logits, y).mean().item(), (logits.argmax(1) == y).double().mean().item()


def predict(model, x):
    return at_test_time(model, x).sort(dim=1, descending=True).indices[:, 0]


def plot_history(history):
    from matplotlib.figure import Figure

    figure = Figure()
    for row, kind in enumerate(["accuracy", "loss"]):
        axes = figure.add_subplot(2, 1, row + 1, xlabel="epoch", ylabel=kind)
        for prefix, style in (("", "o"), ("val_", "s")):
            points = history.get(prefix + kind) or []
            if points:
                axes.scatter([i + 1 for i in range(len(points))], points, marker=style)
    return figure
