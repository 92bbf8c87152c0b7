"""Judges generated digits: the features of a classifier of our own, and distances between them."""

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@cache
def classifier() -> dict[str, Array]:
    """Return the weights in features.npz; make_features.py says how they were made."""
    with np.load(Path(__file__).with_name("features.npz"), allow_pickle=False) as file:
        return {name: file[name].astype(np.float64) for name in file.files}


def convolve(x: Array, weights: Array, bias: Array) -> Array:
    """3x3 cross-correlation with a border of zeros, then ReLU."""
    padded = np.pad(x, ((0, 0), (0, 0), (1, 1), (1, 1)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(2, 3))
    out = np.tensordot(windows, weights, axes=((1, 4, 5), (1, 2, 3)))  # (batch, h, w, filters)
    return np.maximum(out + bias, 0.0).transpose(0, 3, 1, 2)


def features(images: Array) -> tuple[Array, Array]:
    """Give the classifier's last hidden layer and its logits.

    Args:
        images: (batch, 8, 8) in [0, 1].

    Returns:
        (batch, 32) features and (batch, 10) logits.
    """
    net = classifier()
    x = convolve(np.asarray(images, dtype=np.float64)[:, None], net["weight_1"], net["bias_1"])
    x = convolve(x, net["weight_2"], net["bias_2"])
    batch, filters, height, width = x.shape
    blocks = x.reshape(batch, filters, height // 2, 2, width // 2, 2)
    flat = blocks.max(axis=(3, 5)).reshape(batch, -1)
    hidden = np.maximum(flat @ net["weight_3"].T + net["bias_3"], 0.0)
    return hidden, hidden @ net["weight_4"].T + net["bias_4"]


def root(matrix: Array) -> Array:
    """Square root of a symmetric matrix without negative eigenvalues."""
    values, vectors = np.linalg.eigh(matrix)
    return (vectors * np.sqrt(np.maximum(values, 0.0))) @ vectors.T


def frechet_distance(one: Array, two: Array) -> float:
    """Squared Frechet distance of the normal distributions with these samples' moments.

    Source: Heusel and others (2017), arXiv:1706.08500, equation 6; the trace of the root of a
    product through its symmetric form, so that no complex number appears.
    """
    (mean_1, cov_1), (mean_2, cov_2) = ((s.mean(axis=0), np.cov(s.T)) for s in (one, two))
    root_1 = root(cov_1)
    cross = np.sqrt(np.maximum(np.linalg.eigvalsh(root_1 @ cov_2 @ root_1), 0.0)).sum()
    return float(((mean_1 - mean_2) ** 2).sum() + np.trace(cov_1 + cov_2) - 2.0 * cross)


def nearest_distances(points: Array, others: Array) -> Array:
    """Euclidean distance of each point to the nearest of the others."""
    squares = (points**2).sum(1)[:, None] - 2.0 * points @ others.T + (others**2).sum(1)
    return np.sqrt(np.maximum(squares.min(axis=1), 0.0))
