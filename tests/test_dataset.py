"""The embedded dataset: whole, split without overlap, and the same for everyone."""

import numpy as np
import pytest

from grader.dataset import load_dataset
from grader.datasource import SOURCES
from grader.errors import RequestError
from grader.model import DATASETS

EMBEDDED = [name for name in DATASETS if SOURCES[name].is_embedded]  # others: test_datastore.py


@pytest.mark.parametrize("name", EMBEDDED)
def test_dataset_is_what_it_says(name: str) -> None:
    data = load_dataset(name)

    assert data.name == name
    assert (data.x_train.dtype, data.y_train.dtype) == (np.uint8, np.int64)
    assert len(data.x_train) == len(data.y_train)
    assert len(data.x_test) == len(data.y_test)
    assert data.x_train.max() == data.max_value
    assert set(data.y_train) == set(data.y_test) == set(range(10))


def test_digits_are_all_there_once() -> None:
    data = load_dataset("digits")
    images = {image.tobytes() for image in (*data.x_train, *data.x_test)}

    assert (data.x_train.shape, data.x_test.shape) == ((1437, 8, 8), (360, 8, 8))
    assert len(images) == 1797


def test_unknown_dataset_is_told_with_the_known() -> None:
    with pytest.raises(RequestError, match=rf"^There is no dataset 'x'\. There are: {DATASETS[0]}"):
        load_dataset("x")


def test_pixels_are_scaled_once_and_fixed() -> None:
    data = load_dataset("digits")
    pixels = data.pixels("train")

    assert pixels.dtype == np.float32
    assert (pixels.min(), pixels.max()) == (0.0, 1.0)
    np.testing.assert_array_equal(pixels * 16, data.x_train)
    assert data.pixels("train") is pixels
    assert not pixels.flags.writeable
    assert data.pixels("test").shape == data.x_test.shape
