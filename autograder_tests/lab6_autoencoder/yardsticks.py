"""Lecture 3 gives no numbers for autoencoders; these are the linear limits beside the reference."""

from types import ModuleType

import numpy as np
import torch
from numpy.typing import NDArray

from grader.dataset import Dataset
from grader.yardstick import Row

Array = NDArray[np.float64]

LINEAR = {
    "digits": {"code": 16, "epochs": 60, "batch_size": 64, "learning_rate": 0.02},
    "mnist": {"code": 32, "epochs": 10, "batch_size": 128, "learning_rate": 0.002},
}
DENOISING = {
    "digits": {"code": 32, "epochs": 60, "batch_size": 128, "learning_rate": 0.005},
    "mnist": {"code": 64, "epochs": 5, "batch_size": 128, "learning_rate": 0.002},
}
NOISE = 0.25


def pixels(images: NDArray[np.uint8], max_value: int) -> Array:
    """Images as rows of numbers in [0, 1]."""
    return images.reshape(len(images), -1) / float(max_value)


def spectrum(x: Array) -> tuple[Array, Array, Array]:
    """Mean, variances in falling order, and their directions as columns."""
    mean = x.mean(axis=0)
    variances, directions = np.linalg.eigh((x - mean).T @ (x - mean) / len(x))
    return mean, np.maximum(variances[::-1], 0.0), directions[:, ::-1]


def error(x: Array, y: Array) -> float:
    """Squared distance summed over all examples."""
    return float(((y - x) ** 2).sum())


def as_tensor(x: Array) -> torch.Tensor:
    """Rows as float32."""
    return torch.tensor(x, dtype=torch.float32)


def yardstick_linear(solution: ModuleType, dataset: Dataset, device: str) -> list[Row]:
    """A linear autoencoder against PCA, on the training images."""
    settings = dict(LINEAR[dataset.name])
    code = int(settings.pop("code"))
    x = pixels(dataset.x_train, dataset.max_value)
    limit = float(spectrum(x)[1][code:].sum()) * len(x)
    torch.manual_seed(0)
    model = solution.build_autoencoder(x.shape[1], code, linear=True)
    solution.fit(model, as_tensor(x), device=device, **settings)
    answers = solution.decode(model, solution.encode(model, as_tensor(x))).numpy()
    return [
        Row(what=f"PCA, {code} directions", lecture=None, measured=limit / len(x), unit="an image"),
        Row(what="linear autoencoder over PCA", lecture=None, measured=error(x, answers) / limit),
    ]


def yardstick_denoising(solution: ModuleType, dataset: Dataset, device: str) -> list[Row]:
    """Denoising against the best linear maps; errors over that of the noisy test images."""
    x, x_test = (pixels(part, dataset.max_value) for part in (dataset.x_train, dataset.x_test))
    noisy = x_test + NOISE * np.random.default_rng(0).normal(size=x_test.shape)
    base = error(x_test, noisy)
    mean, variances, directions = spectrum(x)
    inside = (noisy - mean) @ directions
    wiener = mean + (inside * (variances / (variances + NOISE**2))) @ directions.T
    # Squared error of a projection: what it cuts off of the images, what it lets through of noise.
    kept = int(np.argmin([variances[k:].sum() + k * NOISE**2 for k in range(len(mean))]))
    projected = mean + inside[:, :kept] @ directions[:, :kept].T
    model = solution.fit_denoising(as_tensor(x), NOISE, device=device, **DENOISING[dataset.name])
    answers = solution.denoise(model, as_tensor(noisy)).numpy()
    return [
        Row(what=f"PCA, {kept} directions", lecture=None, measured=error(x_test, projected) / base),
        Row(
            what="Wiener filter, the best linear",
            lecture=None,
            measured=error(x_test, wiener) / base,
        ),
        Row(what="denoising autoencoder", lecture=None, measured=error(x_test, answers) / base),
    ]
