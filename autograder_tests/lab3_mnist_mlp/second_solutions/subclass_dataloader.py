"""A module with its own forward, and DataLoader for every loop over examples."""

import math

import torch
import torch.nn.functional as F
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


def prepare_images(images, max_value=255):
    n, height, width = images.shape
    return torch.reshape(images.float() * (1.0 / max_value), (n, height * width))


def one_hot(labels, classes):
    out = torch.zeros(labels.shape[0], classes)
    out[torch.arange(labels.shape[0]), labels] = 1.0
    return out


class Perceptron(nn.Module):
    def __init__(self, n_in, hidden, n_classes, dropout=0.0, batch_norm=False):
        super().__init__()
        widths = [n_in] + list(hidden)
        self.output = nn.Linear(widths[-1], n_classes)
        self.hidden = nn.ModuleList(nn.Linear(a, b) for a, b in zip(widths[:-1], widths[1:]))
        self.norms = nn.ModuleList(
            nn.BatchNorm1d(b) if batch_norm else nn.Identity() for b in hidden
        )
        self.drop = nn.Dropout(p=dropout)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                fan = module.in_features + module.out_features
                nn.init.normal_(module.weight, std=math.sqrt(2.0 / fan))
                nn.init.constant_(module.bias, 0.0)

    def forward(self, x):
        for layer, norm in zip(self.hidden, self.norms):
            x = self.drop(F.relu(norm(layer(x))))
        return self.output(x)


def build_softmax_regression(n_in, n_classes):
    return Perceptron(n_in, [], n_classes)


def build_mlp(n_in, hidden, n_classes, dropout=0.0, batch_norm=False):
    hidden = (hidden,) if isinstance(hidden, int) else tuple(hidden)
    return Perceptron(n_in, hidden, n_classes, dropout, batch_norm)


def count_parameters(model):
    total = 0
    for p in model.parameters():
        if p.requires_grad:
            total += math.prod(p.shape)
    return total


OPTIMIZERS = {
    "sgd": lambda p, lr: torch.optim.SGD(p, lr),
    "momentum": lambda p, lr: torch.optim.SGD(p, lr, momentum=0.9),
    "rmsprop": lambda p, lr: torch.optim.RMSprop(p, lr, alpha=0.9, eps=1e-7, foreach=False),
    "adam": lambda p, lr: torch.optim.Adam(p, lr, foreach=False),
}


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
    model = model.to(device)
    order = torch.Generator().manual_seed(seed)
    loader = DataLoader(TensorDataset(x, y), batch_size=batch_size, shuffle=True, generator=order)
    criterion = nn.CrossEntropyLoss()
    opt = OPTIMIZERS[optimizer](model.parameters(), learning_rate)
    history = {key: [] for key in ("loss", "accuracy", "val_loss", "val_accuracy")}
    best = None
    for epoch in range(epochs):
        model.train()
        total, hits = 0.0, 0
        for xb, yb in loader:
            xb, yb = xb.to(device), yb.to(device)
            opt.zero_grad(set_to_none=False)
            out = model(xb)
            loss = criterion(out, yb)
            loss.backward()
            opt.step()
            total += loss.item() * yb.shape[0]
            hits += (out.argmax(1) == yb).sum().item()
        history["loss"].append(total / len(y))
        history["accuracy"].append(hits / len(y))
        if x_val is not None:
            val_loss, val_accuracy = evaluate(model, x_val, y_val)
            history["val_loss"].append(val_loss)
            history["val_accuracy"].append(val_accuracy)
            if patience is not None:
                if best is None or val_loss < best[0]:
                    state = {k: v.detach().clone() for k, v in model.state_dict().items()}
                    best = (val_loss, epoch, state)
                elif epoch - best[1] >= patience:
                    break
    if best is not None:
        model.load_state_dict(best[2])
    return history


def evaluate(model, x, y):
    mode = model.training
    device = next(iter(model.parameters())).device
    model.eval()
    total, hits = 0.0, 0
    with torch.inference_mode():
        for xb, yb in DataLoader(TensorDataset(x, y), batch_size=100):
            xb, yb = xb.to(device), yb.to(device)
            out = model(xb)
            total += F.cross_entropy(out, yb, reduction="sum").item()
            hits += torch.sum(torch.argmax(out, 1) == yb).item()
    model.train(mode)
    return total / x.shape[0], hits / x.shape[0]


def predict(model, x):
    mode = model.training
    device = next(iter(model.parameters())).device
    model.eval()
    with torch.no_grad():
        classes = [model(row.to(device)).max(dim=1).indices.cpu() for row in torch.split(x, 50)]
    model.train(mode)
    return torch.hstack(classes)


def plot_history(history):
    import matplotlib.pyplot as plt

    fig, (left, right) = plt.subplots(nrows=1, ncols=2)
    epochs = list(range(1, len(history["loss"]) + 1))
    for ax, name in ((left, "loss"), (right, "accuracy")):
        ax.plot(epochs, history[name], label="train")
        if history["val_" + name]:
            ax.plot(epochs, history["val_" + name], label="val")
        ax.set(xlabel="Epoch", ylabel=name.capitalize(), title=name)
        ax.legend()
    return fig
