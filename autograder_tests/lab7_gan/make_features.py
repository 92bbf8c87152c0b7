"""Writes features.npz: the grader's own classifier of digits, whose features judge fit_digits.

    python autograder_tests/lab7_gan/make_features.py

A convolutional network 1-8-16-32-10 trained once on the training images with a fixed seed. The file
is fixed: a new one has another scale, so the bars would have to be measured again.
"""

from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from grader.dataset import load_dataset

EPOCHS, BATCH, LEARNING_RATE = 60, 64, 3e-3
UNIT = 1.5  # features are divided by it: two halves of the training set are then 2.2 apart


def main() -> None:
    """Train, print the test accuracy, write the weights."""
    torch.manual_seed(0)
    torch.set_num_threads(1)
    data = load_dataset("digits")
    x_train, x_test = (
        torch.from_numpy(images / data.max_value).float()[:, None]
        for images in (data.x_train, data.x_test)
    )
    y_train = torch.from_numpy(data.y_train.copy())
    model = nn.Sequential(
        *(nn.Conv2d(1, 8, 3, padding=1), nn.ReLU()),
        *(nn.Conv2d(8, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()),
        *(nn.Linear(256, 32), nn.ReLU(), nn.Linear(32, 10)),
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=LEARNING_RATE, weight_decay=1e-2)
    steps = EPOCHS * -(-len(x_train) // BATCH)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.0, steps)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(x_train)).split(BATCH):
            loss = functional.cross_entropy(model(x_train[batch]), y_train[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
    with torch.no_grad():
        accuracy = (model(x_test).argmax(1).numpy() == data.y_test).mean()
    print(f"test accuracy {accuracy:.4f}")  # noqa: T201
    layers = [layer for layer in model if isinstance(layer, nn.Conv2d | nn.Linear)]
    arrays = {
        f"{kind}_{place}": getattr(layer, kind).detach().numpy()
        for place, layer in enumerate(layers, 1)
        for kind in ("weight", "bias")
    }
    for name in ("weight_3", "bias_3"):
        arrays[name] = arrays[name] / UNIT
    arrays["weight_4"] = arrays["weight_4"] * UNIT  # the logits stay as they are
    np.savez_compressed(Path(__file__).with_name("features.npz"), **arrays)


if __name__ == "__main__":
    main()
