"""The lectures' numbers beside the reference's."""

from types import ModuleType

import numpy as np
import torch

from grader.dataset import Dataset
from grader.yardstick import Row


def yardstick_vgg16(solution: ModuleType, dataset: Dataset, device: str) -> list[Row]:
    """Lecture 2: what VGG-16 holds for one image; the slide's total is not the sum of its rows."""
    table = solution.vgg16_table()
    activations, weights = (sum(row[place] for row in table) for place in (2, 3))
    return [
        Row(what="weights", lecture=138.0, measured=weights / 1e6, unit="million"),
        Row(what="activations", lecture=24.0, measured=activations / 1e6, unit="million"),
        Row(what="activations in float32", lecture=93.0, measured=4 * activations / 1e6, unit="MB"),
    ]


def yardstick_accuracy(solution: ModuleType, dataset: Dataset, device: str) -> list[Row]:
    """Test accuracy of the CNN; no slide has a number for it."""
    recipe = {"epochs": 30, "batch_size": 64} if dataset.name == "digits" else {"epochs": 3}
    x, x_test = (
        torch.tensor(part[:, None] / dataset.max_value, dtype=torch.float32)
        for part in (dataset.x_train, dataset.x_test)
    )
    rows = []
    for batch_norm, dropout in ((False, 0.0), (True, 0.3)):
        torch.manual_seed(0)
        model = solution.build_cnn(1, x.shape[-1], 10, batch_norm, dropout)
        solution.fit(model, x, torch.tensor(dataset.y_train), **recipe, device=device)
        right = solution.predict(model, x_test).numpy() == dataset.y_test
        words = "with batch norm and dropout" if batch_norm else "plain"
        what = f"test accuracy on {dataset.name}, {words}, {recipe['epochs']} epochs"
        rows.append(Row(what=what, lecture=None, measured=float(np.mean(right))))
    return rows
