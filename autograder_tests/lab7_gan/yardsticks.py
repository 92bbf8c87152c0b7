"""Lecture 2's game in numbers: what theory and the literature's measures say of the reference."""

from types import ModuleType

import numpy as np
import torch

from grader.dataset import Dataset
from grader.yardstick import Row


def yardstick_value(solution: ModuleType, dataset: Dataset, device: str) -> list[Row]:
    """The game's value on two normal distributions."""
    del dataset, device
    x = np.random.default_rng(0).normal(size=20_000)
    rows = []
    for shift in (0.0, 1.0, 4.0):
        fake = x + shift  # the generator is off by this much

        def density(at: np.ndarray, mean: float) -> np.ndarray:
            return np.exp(-0.5 * (at - mean) ** 2) / np.sqrt(2.0 * np.pi)

        on_real, on_fake = (
            solution.optimal_discriminator(density(at, 0.0), density(at, shift)) for at in (x, fake)
        )
        what = f"largest V, generator off by {shift:g} deviations (-log 4 is -1.386)"
        rows.append(Row(what=what, lecture=None, measured=solution.value(on_real, on_fake)))
    return rows


def yardstick_ring(solution: ModuleType, dataset: Dataset, device: str) -> list[Row]:
    """Eight modes on a ring, the measures of VEEGAN and PacGAN, on 2500 samples."""
    del dataset
    rng = np.random.default_rng(0)
    angles = 2.0 * np.pi * np.arange(8) / 8
    centers = 2.0 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    x = (centers[rng.integers(8, size=5000)] + 0.02 * rng.normal(size=(5000, 2))).astype(np.float32)
    generator = solution.fit_ring(torch.from_numpy(x), seed=0, device=device)
    made = solution.sample(generator, 2500, seed=1).cpu().numpy()
    rows = []
    for name, points in (("real points", x[:2500]), ("reference", made)):
        distances = np.linalg.norm(points[:, None] - centers, axis=2)
        good = distances.min(axis=1) <= 0.06
        modes = np.unique(distances.argmin(axis=1)[good]).size
        rows += [
            Row(what=f"modes covered, {name}", lecture=None, measured=modes, unit="of 8"),
            Row(
                what=f"share within three deviations of a mode, {name}",
                lecture=None,
                measured=float(good.mean()),
            ),
        ]
    return rows
