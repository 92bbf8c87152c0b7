"""The data labs train on. `digits` is embedded, so everything runs offline; `mnist` is fetched."""

from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from grader.datasource import DataSource, find_source
from grader.datastore import read_files
from grader.errors import RequestError
from grader.idx import read_idx


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

    def pixels(self, part: Literal["train", "test"]) -> NDArray[np.float32]:
        """Return the images as (n, height, width) float32 in [0, 1].

        Made once and read-only, so that workers map it instead of being sent it.
        """
        return _pixels(self, part)


@cache
def _pixels(dataset: Dataset, part: str) -> NDArray[np.float32]:
    images = dataset.x_train if part == "train" else dataset.x_test
    scaled = images.astype(np.float32) / np.float32(dataset.max_value)
    scaled.setflags(write=False)
    return scaled


@cache
def load_dataset(name: str) -> Dataset:
    """Load a dataset by name, its files verified.

    digits: 1437 training and 360 test images of 8x8. Source: Alpaydin and Kaynak, UCI, CC BY 4.0.
    mnist: 60000 training and 10000 test images of 28x28. Source: LeCun, Cortes and Burges.

    Raises:
        RequestError: If there is no such dataset, or its files are missing or damaged.
    """
    source = find_source(name)
    return load_embedded(source) if source.is_embedded else load_idx(source)


def load_embedded(source: DataSource) -> Dataset:
    """Load a dataset that is one npz file: images, labels, and the split as indices."""
    (content,) = read_files(source)
    with np.load(BytesIO(content), allow_pickle=False) as file:
        images, labels, train, test = (file[key] for key in ("images", "labels", "train", "test"))
    parts = ((images[train], labels[train]), (images[test], labels[test]))
    return _as_dataset(source.name, *parts, max_value=16)


def load_idx(source: DataSource) -> Dataset:
    """Load a dataset of four IDX files: images and labels to train with, and to test with.

    Raises:
        RequestError: If a file is missing, damaged, or does not hold what it should.
    """
    arrays = []
    for file, content in zip(source.files, read_files(source), strict=True):
        try:
            arrays.append(read_idx(content))
        except ValueError as error:
            raise RequestError(f"{file.name}: {error}.") from error
    x_train, y_train, x_test, y_test = arrays
    return _as_dataset(source.name, (x_train, y_train), (x_test, y_test), max_value=255)


Part = tuple[NDArray[np.uint8], NDArray[np.generic]]  # images and labels


def _as_dataset(name: str, train: Part, test: Part, *, max_value: int) -> Dataset:
    """Put images and labels together; nobody can change them."""
    for x, y in (train, test):
        if x.ndim != 3 or y.shape != x.shape[:1]:
            raise RequestError(f"{name}: {y.shape} labels do not go with {x.shape} images.")
    (x_train, labels_train), (x_test, labels_test) = train, test
    y_train, y_test = labels_train.astype(np.int64), labels_test.astype(np.int64)
    for array in (x_train, y_train, x_test, y_test):
        array.setflags(write=False)
    return Dataset(
        name=name,
        x_train=x_train,
        y_train=y_train,
        x_test=x_test,
        y_test=y_test,
        max_value=max_value,
    )
