"""The data labs train on. `digits` is embedded, so everything runs offline."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from grader.errors import RequestError
from grader.model import DATASETS

DIGITS = Path(__file__).resolve().parent / "data" / "digits.npz"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Dataset:
    """Images and labels, with a fixed split.

    Attributes:
        x_train: (n_train, height, width) uint8, from 0 to max_value.
        y_train: (n_train,) int64 class labels.
        x_test: (n_test, height, width) uint8.
        y_test: (n_test,) int64; stays on the trusted side.
        max_value: 16 for digits, 255 for MNIST.
    """

    name: str
    x_train: NDArray[np.uint8]
    y_train: NDArray[np.int64]
    x_test: NDArray[np.uint8]
    y_test: NDArray[np.int64]
    max_value: int


@cache
def load_dataset(name: str) -> Dataset:
    """Load a dataset by name.

    digits: 1437 training and 360 test images of 8x8. Source: Alpaydin and Kaynak, UCI, CC BY 4.0.

    Raises:
        RequestError: If there is no such dataset.
    """
    if name not in DATASETS:
        raise RequestError(f"There is no dataset '{name}'. There are: {', '.join(DATASETS)}.")
    with np.load(DIGITS, allow_pickle=False) as file:
        images, labels = file["images"], file["labels"].astype(np.int64)
        train, test = file["train"], file["test"]
    for array in (images, labels):
        array.setflags(write=False)
    return Dataset(
        name=name,
        x_train=images[train],
        y_train=labels[train],
        x_test=images[test],
        y_test=labels[test],
        max_value=16,
    )
