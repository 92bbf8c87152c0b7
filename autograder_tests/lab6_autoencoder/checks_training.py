"""Hidden checks of lab 6: what training on images must reach. One bar each.

All errors are computed here, from answers to images; test images are seen only by trained models.
"""

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from grader.testing import (
    Dataset,
    Submission,
    Tensor,
    assert_at_most,
    show_curves,
    show_images,
)

Array32 = NDArray[np.float32]

NONLINEAR: dict[str, dict[str, Any]] = {
    "digits": {"code": 8, "hidden": 128, "epochs": 50, "batch_size": 64, "learning_rate": 0.005},
    "mnist": {"code": 32, "hidden": 256, "epochs": 5, "batch_size": 128, "learning_rate": 0.002},
}
DENOISING: dict[str, dict[str, Any]] = {
    "digits": {"code": 32, "hidden": 256, "epochs": 60, "batch_size": 128, "learning_rate": 0.005},
    "mnist": {"code": 64, "hidden": 256, "epochs": 5, "batch_size": 128, "learning_rate": 0.002},
}
NOISE = 0.25
SHOWN = 8
# The reference's mean squared error of a training image in each epoch, digits, seed 0.
# fmt: off
REFERENCE_CURVE = (
    5.676, 2.901, 1.985, 1.616, 1.398, 1.275, 1.187, 1.132, 1.083, 1.053,
    1.022, 0.995, 0.968, 0.952, 0.926, 0.915, 0.898, 0.882, 0.865, 0.856,
    0.848, 0.838, 0.829, 0.820, 0.810, 0.802, 0.789, 0.783, 0.787, 0.773,
    0.766, 0.761, 0.759, 0.754, 0.748, 0.742, 0.739, 0.734, 0.730, 0.726,
    0.724, 0.719, 0.716, 0.713, 0.711, 0.708, 0.705, 0.703, 0.701, 0.700,
)
# fmt: on


def pixels(dataset: Dataset, part: Literal["train", "test"]) -> Array32:
    """Images as rows of numbers in [0, 1]."""
    images = dataset.pixels(part)
    return images.reshape(len(images), -1)


def squared_error(x: Array32, y: object) -> float:
    """Squared distance summed over all examples; infinite if y is not as many numbers as x."""
    got = np.asarray(y)
    if got.shape != x.shape or got.dtype.kind != "f":
        return float("inf")
    return float(((got.astype(np.float64) - x) ** 2).sum())


def pca_test_error(x: Array32, x_test: Array32, k: int) -> float:
    """Squared error of test images under the mean and the best k directions of x."""
    mean = x.mean(axis=0, dtype=np.float64)
    centred = x.astype(np.float64) - mean
    _, vectors = np.linalg.eigh(centred.T @ centred)
    left_out = (x_test.astype(np.float64) - mean) @ vectors[:, :-k]
    return float((left_out**2).sum())


def test_train_nonlinear(
    submission: Submission,
    rng: np.random.Generator,
    dataset: Dataset,
    bars: Mapping[str, float],
    device: str,
) -> None:
    """Hidden layers on both sides of the code beat PCA on images they have not seen.

    The answers are made of codes that went through our hands: so many numbers an image.

    Catches mistake: fit_one_epoch.
    """
    settings = NONLINEAR[dataset.name].copy()
    code, hidden = settings.pop("code"), settings.pop("hidden")
    x, x_test = (pixels(dataset, "train"), pixels(dataset, "test"))
    model = submission.build_autoencoder(x.shape[1], code, hidden=hidden)
    seed = int(rng.integers(2**31))
    history = submission.fit(model, Tensor(x), seed=seed, device=device, **settings)
    codes = np.asarray(submission.encode(model, Tensor(x_test)))
    fits = codes.shape == (len(x_test), code) and codes.dtype.kind == "f"
    codes = codes.astype(np.float32) if fits else np.zeros((len(x_test), code), np.float32)
    answers = submission.decode(model, Tensor(codes))
    curves = {"yours": 2.0 * np.asarray(history, dtype=np.float64)}
    if dataset.name == "digits":
        curves["reference"] = np.array(REFERENCE_CURVE)
    curves["PCA"] = np.full(len(history), pca_test_error(x, x, code) / len(x))
    show_curves("autoencoder with hidden layers", curves, y="squared error of an image")
    height, width = dataset.x_train.shape[1:]
    shown = np.concatenate([x_test[:SHOWN], np.asarray(answers)[:SHOWN]])
    images = shown.reshape(-1, height, width)
    show_images("test images, what comes back below", images, columns=SHOWN)
    show_first_layer(submission, model, hidden, (height, width))
    assert_at_most(
        squared_error(x_test, answers) / pca_test_error(x, x_test, code),
        bars["nonlinear"],
        what=f"squared error on test images with a code of {code}, over PCA's",
        hint="Is the loss still falling in the last epochs? Does every layer have its ReLU?",
    )


def show_first_layer(
    submission: Submission, model: Any, hidden: int, shape: tuple[int, int]
) -> None:
    """Lay out the weights of the first hidden units as images."""
    size = shape[0] * shape[1]
    told = submission.ask(model, "state_dict")
    arrays = [np.asarray(value) for value in told.values()] if isinstance(told, dict) else []
    for array in arrays:
        if array.shape in ((hidden, size), (size, hidden)):
            rows = array if array.shape[0] == hidden else array.T
            show_images("weights of the first hidden units", rows[:16].reshape(-1, *shape))
            return


def test_train_denoising(
    submission: Submission,
    rng: np.random.Generator,
    dataset: Dataset,
    bars: Mapping[str, float],
    device: str,
) -> None:
    """A trained model takes away more noise than any linear map could.

    Catches mistakes: denoising_no_noise, denoising_noise_once, denoising_noisy_target.
    """
    x, x_test = (pixels(dataset, "train"), pixels(dataset, "test"))
    seed = int(rng.integers(2**31))
    model = submission.fit_denoising(
        Tensor(x), NOISE, seed=seed, device=device, **DENOISING[dataset.name]
    )
    noisy = (x_test + NOISE * rng.normal(size=x_test.shape)).astype(np.float32)
    answers = submission.denoise(model, Tensor(noisy))
    shown = np.concatenate([x_test[:SHOWN], noisy[:SHOWN], np.asarray(answers)[:SHOWN]])
    images = shown.reshape(-1, *dataset.x_train.shape[1:])
    show_images("clean, noisy, denoised", images, columns=SHOWN)
    assert_at_most(
        squared_error(x_test, answers) / squared_error(x_test, noisy),
        bars["denoising"],
        what="squared error of denoised test images, over that of the noisy ones",
        hint="The input is noisy; what is it that the output is compared with?",
    )
