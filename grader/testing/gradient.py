"""Gradients held against finite differences of the check's own function."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from grader.testing.assertions import assert_close, wrong_form
from grader.testing.record import judge

STEP = 1e-5  # the best step for central differences in float64: error 4e-10 over 200 networks
RTOL, ATOL = 1e-6, 1e-8  # 25 times that error
LARGE, DIRECTIONS = 400, 20  # entries from which on only some directions are compared

Array = NDArray[np.float64]


def central_differences(function: Callable[[Array], float], at: Array) -> Array:
    """Differentiate a scalar function numerically.

    Args:
        function: Takes an array like `at`, returns a number.
        at: (*shape) float64.

    Returns:
        (*shape) float64, dfunction/dat. Error about 4e-10 for smooth functions of order one.
    """
    point = np.array(at, dtype=np.float64)
    grad = np.empty_like(point)
    for index in np.ndindex(point.shape):
        kept = point[index]
        point[index] = kept + STEP
        above = function(point.copy())
        point[index] = kept - STEP
        below = function(point.copy())
        point[index] = kept
        grad[index] = (above - below) / (2 * STEP)
    return grad


def assert_gradient(
    function: Callable[[Array], float],
    got: ArrayLike,
    *,
    at: Array,
    what: str,
    hint: str = "",
) -> None:
    """Compare a gradient with central differences of a scalar function.

    Args:
        function: Takes an array like `at`, returns a number; the check's own.
        got: (*shape) float64, the submission's gradient.
        at: (*shape) float64, where.
        what: The call as a student would write it.
        hint: What to think about.
    """
    __tracebackhide__ = True
    wanted = central_differences(function, at)
    scale = max(1.0, float(np.abs(wanted).max(initial=0.0)))
    assert_close(got, wanted, what=what, rtol=RTOL, atol=ATOL * scale, hint=hint)


def assert_vjp(
    function: Callable[[Array], Array],
    got: ArrayLike,
    *,
    at: Array,
    covector: Array,
    rng: np.random.Generator,
    what: str,
    hint: str = "",
) -> None:
    """Compare a vector-Jacobian product with central differences.

    Args:
        function: Takes (*shape), returns an array like `covector`; the check's own.
        got: (*shape) float64, the submission's gradient of sum(function(x) * covector) at x.
        at: (*shape) float64.
        covector: The upstream gradient. Random: with ones, many wrong gradients look right.
        rng: Draws directions when `at` is too large to differentiate entry by entry.
        what: The call as a student would write it.
        hint: What to think about.
    """
    __tracebackhide__ = True

    def scalar(x: Array) -> float:
        return float(np.sum(function(x) * covector))

    if at.size <= LARGE:
        assert_gradient(scalar, got, at=at, what=what, hint=hint)
        return
    failure = wrong_form(np.asarray(got), at, what=what, dtype="float64", hint=hint)
    if failure:
        judge(what, got, failure)
        return
    directions = rng.normal(size=(DIRECTIONS, *at.shape))
    slopes = [
        central_differences(lambda t, d=d: scalar(at + t * d), np.zeros(()))  # type: ignore[misc]
        for d in directions
    ]
    along = np.tensordot(directions, np.asarray(got, dtype=np.float64), axes=at.ndim)
    wanted = np.array(slopes)
    scale = max(1.0, float(np.abs(wanted).max()))
    what = f"{what}, along {DIRECTIONS} random directions,"
    assert_close(along, wanted, what=what, rtol=RTOL, atol=ATOL * scale, hint=hint)
