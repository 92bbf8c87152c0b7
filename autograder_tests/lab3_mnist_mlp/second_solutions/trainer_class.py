"""Everything in one trainer object; weights in a ParameterList, forward through torch.nn.functional."""

import copy
from collections import OrderedDict

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F


def prepare_images(images, max_value=255):
    array = np.asarray(images, dtype=np.float32) / np.float32(max_value)
    return torch.from_numpy(array.reshape(array.shape[0], -1))


def one_hot(labels, classes):
    return torch.eye(classes, dtype=torch.float32)[labels]


def glorot(n_in, n_out):
    linear = nn.Linear(n_in, n_out, bias=True)
    with torch.no_grad():
        bound = np.sqrt(6 / (n_in + n_out))
        linear.weight.uniform_(-bound, bound)
        linear.bias.fill_(0)
    return linear


def build_softmax_regression(n_in, n_classes):
    return nn.Sequential(OrderedDict([("only", glorot(n_in, n_classes))]))


class Block(nn.Module):
    def __init__(self, n_in, n_out, rate, norm):
        super().__init__()
        self.norm = nn.BatchNorm1d(n_out) if norm else None
        self.linear = glorot(n_in, n_out)
        self.rate = rate

    def forward(self, x):
        x = self.linear(x)
        x = x if self.norm is None else self.norm(x)
        return F.dropout(F.relu(x), p=self.rate, training=self.training)


def build_mlp(n_in, hidden, n_classes, dropout=0.0, batch_norm=False):
    sizes = np.atleast_1d(hidden).tolist()
    model = nn.Sequential()
    for i, size in enumerate(sizes):
        model.add_module(f"block{i}", Block(n_in, size, dropout, batch_norm))
        n_in = size
    model.add_module("head", glorot(n_in, n_classes))
    return model


def count_parameters(model):
    return sum(p.numel() for p in filter(lambda p: p.requires_grad, model.parameters()))


class Trainer:
    def __init__(self, model, name, rate, device):
        self.model, self.device = model.to(device), device
        kinds = dict(
            sgd=(torch.optim.SGD, {}),
            momentum=(torch.optim.SGD, {"momentum": 0.9}),
            rmsprop=(torch.optim.RMSprop, {"alpha": 0.9, "eps": 1e-7}),
            adam=(torch.optim.Adam, {"betas": (0.9, 0.999), "eps": 1e-8, "amsgrad": False}),
        )
        kind, extra = kinds[name]
        self.opt = kind(model.parameters(), lr=rate, **extra)

    def step(self, x, y):
        log_probs = F.log_softmax(self.model(x), dim=-1)
        loss = F.nll_loss(log_probs, y)
        self.model.zero_grad()
        loss.backward()
        self.opt.step()
        return len(y) * float(loss), int((log_probs.argmax(-1) == y).sum())

    def epoch(self, x, y, batch_size):
        self.model.train()
        order = np.arange(len(x))
        np.random.shuffle(order)
        sums = np.zeros(2)
        for part in np.array_split(order, range(batch_size, len(x), batch_size)):
            index = torch.as_tensor(part, device=self.device)
            sums += self.step(x.index_select(0, index), y.index_select(0, index))
        return (sums / len(x)).tolist()


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
    np.random.seed(seed % 2**32)
    torch.manual_seed(seed)
    trainer = Trainer(model, optimizer, learning_rate, device)
    x, y = x.to(device), y.to(device)
    rows, val_rows = [], []
    best, bad = None, 0
    while len(rows) < epochs and (patience is None or bad < patience):
        rows.append(trainer.epoch(x, y, batch_size))
        if x_val is None:
            continue
        val_rows.append(evaluate(model, x_val, y_val))
        if patience is not None:
            if best is None or val_rows[-1][0] < best[0]:
                best, bad = (val_rows[-1][0], copy.deepcopy(model).state_dict()), 0
            else:
                bad += 1
    if best:
        model.load_state_dict(best[1])
    history = {}
    for prefix, table in (("", rows), ("val_", val_rows)):
        for column, name in enumerate(("loss", "accuracy")):
            history[prefix + name] = [float(row[column]) for row in table]
    return history


class AtTestTime:
    def __init__(self, model):
        self.model = model

    def __enter__(self):
        self.modes = [(m, m.training) for m in self.model.modules()]
        self.model.eval()
        return next(self.model.parameters()).device

    def __exit__(self, *_):
        for module, mode in self.modes:
            module.training = mode


def evaluate(model, x, y):
    with AtTestTime(model) as device, torch.no_grad():
        sums = torch.zeros(2, dtype=torch.float64)
        for i in range(0, len(x), 333):
            out, target = model(x[i : i + 333].to(device)), y[i : i + 333].to(device)
            sums[0] += F.cross_entropy(out, target, reduction="sum").cpu()
            sums[1] += (out.argmax(1) == target).sum().cpu()
    return float(sums[0] / len(x)), float(sums[1] / len(x))


def predict(model, x):
    with AtTestTime(model) as device, torch.no_grad():
        return torch.log_softmax(model(x.to(device)), 1).argmax(1)


def plot_history(history):
    from matplotlib.figure import Figure

    fig = Figure(figsize=(6, 8))
    top, bottom = fig.subplots(2)
    for key, values in history.items():
        if len(values):
            ax = top if "loss" in key else bottom
            ax.plot(np.arange(len(values)) + 1, values, label=key)
    for ax, label in ((top, "mean cross-entropy"), (bottom, "share right")):
        ax.set_xlabel("epochs done")
        ax.set_ylabel(label)
        ax.legend()
    return fig
