"""What the hidden checks of lab 1 hold a submission against: closed forms, never the recursions.

Powers, unrolled sums, lists of all possible outcomes.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from grader.testing import (
    Counted,
)

Array = NDArray[np.float64]

# For float32 input: a float64 path may still have been computed in float32. See CALIBRATION.
FLOAT32 = {"rtol": 1e-3, "atol": 1e-4, "dtype": "floating"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quadratic:
    """f(x) = 1/2 (x - centre)' A (x - centre) with A = axes diag(curvatures) axes'."""

    curvatures: Array  # (n,)
    axes: Array  # (n, n) orthogonal, one axis a column
    centre: Array  # (n,)

    def slope(self, x: Array) -> Array:
        """Gradient in the precision of x."""
        point = np.asarray(x)
        away = point.reshape(-1) - self.centre
        grad = self.axes @ (self.curvatures * (self.axes.T @ away))
        kind = point.dtype if point.dtype.kind == "f" else np.float64
        return grad.reshape(point.shape).astype(kind)

    def path(self, start: Array, factors: Array) -> Array:
        """(steps + 1, *shape): factors (steps + 1, n) tell what is left along each axis."""
        away = self.axes.T @ (np.reshape(start, -1) - self.centre)
        return (self.centre + (factors * away) @ self.axes.T).reshape(-1, *np.shape(start))


def draw_quadratic(rng: np.random.Generator, size: int, condition: float) -> Quadratic:
    """A rotated bowl whose steepest axis has curvature 1 and whose flattest 1 / condition."""
    axes, _ = np.linalg.qr(rng.normal(size=(size, size)))
    curvatures = np.geomspace(1.0, 1.0 / condition, size)
    return Quadratic(curvatures=curvatures, axes=axes, centre=rng.normal(size=size))


def parabola() -> Quadratic:
    """X squared."""
    return Quadratic(curvatures=np.array([2.0]), axes=np.eye(1), centre=np.zeros(1))


def descent_factors(curvatures: Array, learning_rate: float, steps: int) -> Array:
    """What gradient descent leaves along each axis: (1 - learning_rate * curvature) ** k."""
    return (1.0 - learning_rate * curvatures) ** np.arange(steps + 1)[:, None]


def momentum_factors(curvatures: Array, learning_rate: float, momentum: float, steps: int) -> Array:
    """The same with momentum: powers of the 2x2 matrix that takes (x, delta) one step further."""
    factors = np.empty((steps + 1, len(curvatures)))
    for column, curvature in enumerate(curvatures):
        pull = (1.0 - momentum) * curvature
        one_step = np.array(
            [[1.0 - learning_rate * pull, -learning_rate * momentum], [pull, momentum]]
        )
        powers = [np.linalg.matrix_power(one_step, k)[0, 0] for k in range(steps + 1)]
        factors[:, column] = powers
    return factors


def decayed_sum(values: Sequence[Array], before: Array, decay: float) -> Array:
    """Moving average after the last value, unrolled into one sum."""
    count = len(values)
    fresh = [(1.0 - decay) * decay ** (count - 1 - k) * value for k, value in enumerate(values)]
    return np.sum(fresh, axis=0) + decay**count * before


def points_of(counted: Counted) -> Array:
    """The points at which a gradient was asked for, one a row; empty if they differ in shape."""
    points = [np.asarray(args[0]) for args in counted.calls]
    is_alike = len({point.shape for point in points}) == 1
    return np.array(points) if is_alike else np.zeros(0)
