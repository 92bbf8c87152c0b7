"""Gradients are held against finite differences: what is right passes, known wrong ones do not."""

from collections.abc import Callable

import numpy as np
import pytest
from local_program import text_of

from grader.testing import assert_gradient, assert_vjp, central_differences
from grader.testing.record import CheckFailedError, recording

Array = np.ndarray


def softmax(x: Array) -> Array:
    """(batch, classes) to probabilities."""
    exps = np.exp(x - x.max(axis=1, keepdims=True))
    return exps / exps.sum(axis=1, keepdims=True)


def softmax_vjp(x: Array, covector: Array) -> Array:
    """The right gradient."""
    probs = softmax(x)
    return probs * (covector - (covector * probs).sum(axis=1, keepdims=True))


WRONG: dict[str, Callable[[Array, Array], Array]] = {
    "zero": lambda x, c: np.zeros_like(x),
    "negative": lambda x, c: -softmax_vjp(x, c),
    "twice": lambda x, c: 2 * softmax_vjp(x, c),
    "mean": lambda x, c: softmax_vjp(x, c) / len(x),
    "elementwise": lambda x, c: softmax(x) * (1 - softmax(x)) * c,
    "covector of ones": lambda x, c: softmax_vjp(x, np.ones_like(c)),
    "covector ignored": lambda x, c: softmax(x) * (1 - softmax(x)),
    "one entry": lambda x, c: softmax_vjp(x, c) + 1e-4 * np.eye(*x.shape),
    "nan": lambda x, c: softmax_vjp(x, c) * np.where(np.eye(*x.shape) > 0, np.nan, 1.0),
    "transposed": lambda x, c: softmax_vjp(x.T, c.T).T,
}
SHAPES = [(3, 5), (40, 13)]  # few entries, and so many that only directions are compared


def judge(shape: tuple[int, int], vjp: Callable[[Array, Array], Array], seed: int = 1) -> None:
    """Hold a gradient of softmax against finite differences."""
    rng = np.random.default_rng(seed)
    x, covector = rng.normal(size=shape), rng.normal(size=shape)
    got = vjp(x, covector)
    assert_vjp(softmax, got, at=x, covector=covector, rng=rng, what="softmax_vjp(x, c)")


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("shape", SHAPES)
def test_right_gradient_passes(shape: tuple[int, int], seed: int) -> None:
    judge(shape, softmax_vjp, seed)


@pytest.mark.parametrize("name", WRONG)
@pytest.mark.parametrize("shape", SHAPES)
def test_wrong_gradient_fails(shape: tuple[int, int], name: str) -> None:
    with pytest.raises(CheckFailedError, match=r"^softmax_vjp\(x, c\)"):
        judge(shape, WRONG[name])


@pytest.mark.parametrize("shape", SHAPES)
def test_gradient_of_another_shape_fails_by_its_shape(shape: tuple[int, int]) -> None:
    with pytest.raises(CheckFailedError) as caught:
        judge(shape, lambda x, c: softmax_vjp(x, c).T)

    assert text_of(caught) == (
        "softmax_vjp(x, c) has the wrong shape.\n"
        f"got       float64 {shape[::-1]}\n"
        f"expected  float64 {shape}"
    )


@pytest.mark.parametrize("shape", SHAPES)
def test_gradient_in_float32_fails_by_its_dtype(shape: tuple[int, int]) -> None:
    with pytest.raises(CheckFailedError, match=r"^softmax_vjp\(x, c\) has the wrong dtype\."):
        judge(shape, lambda x, c: softmax_vjp(x, c).astype(np.float32))


def test_large_gradient_of_another_shape_costs_nothing() -> None:
    calls = []

    def count(x: Array) -> Array:
        calls.append(1)
        return x

    x = np.ones((100, 100))
    with recording() as recorder:
        assert_vjp(
            count, np.ones(3), at=x, covector=x, rng=np.random.default_rng(1), what="f_vjp(x)"
        )

    assert recorder.first_failure is not None
    assert calls == []


def test_large_gradient_says_that_directions_were_compared() -> None:
    with pytest.raises(CheckFailedError) as caught:
        judge(SHAPES[1], WRONG["zero"])

    assert text_of(caught).startswith(
        "softmax_vjp(x, c), along 20 random directions, is wrong in 20 of 20 values.\n"
    )


def test_sum_of_softmax_would_not_have_seen_a_zero_gradient() -> None:
    """Why the covector is random."""
    rng = np.random.default_rng(1)
    x = rng.normal(size=(3, 5))

    assert_vjp(
        softmax, np.zeros_like(x), at=x, covector=np.ones_like(x), rng=rng, what="softmax_vjp(x, 1)"
    )


# assert_gradient


def cubes(x: Array) -> float:
    """A scalar function."""
    return float((x**3).sum())


def test_gradient_of_a_scalar_function_passes() -> None:
    x = np.random.default_rng(1).normal(size=(2, 3))

    assert_gradient(cubes, 3 * x**2, at=x, what="cubes_grad(x)")


@pytest.mark.parametrize("factor", [0.0, -1.0, 1.001])
def test_wrong_gradient_of_a_scalar_function_fails(factor: float) -> None:
    x = np.random.default_rng(1).normal(size=(2, 3))

    with pytest.raises(CheckFailedError, match=r"^cubes_grad\(x\) is wrong in 6 of 6 values\."):
        assert_gradient(cubes, factor * 3 * x**2, at=x, what="cubes_grad(x)")


def test_gradient_at_a_single_number_passes() -> None:
    assert_gradient(lambda x: float(x**2), np.float64(6.0), at=np.array(3.0), what="f_grad(3)")


def test_tolerance_grows_with_large_gradients() -> None:
    x = np.array([1e3, 1e-3])

    assert_gradient(cubes, 3 * x**2, at=x, what="cubes_grad(x)")


# central_differences


@pytest.mark.parametrize("shape", [(), (1,), (4,), (2, 3), (0, 2)])
def test_differences_have_the_shape_of_the_point(shape: tuple[int, ...]) -> None:
    assert central_differences(cubes, np.ones(shape)).shape == shape


@pytest.mark.parametrize(
    ("function", "slope"),
    [(np.sin, np.cos), (np.exp, np.exp), (np.tanh, lambda x: 1 / np.cosh(x) ** 2)],
)
def test_differences_are_as_exact_as_stated(
    function: Callable[[Array], Array], slope: Callable[[Array], Array]
) -> None:
    x = np.random.default_rng(1).normal(size=20)

    error = central_differences(lambda point: float(function(point).sum()), x) - slope(x)

    assert np.abs(error).max() < 4e-10


def test_differences_leave_the_point_alone() -> None:
    x = np.ones(3)
    x.setflags(write=False)

    central_differences(cubes, x)

    assert np.array_equal(x, np.ones(3))


def test_function_may_keep_or_change_its_argument() -> None:
    def greedy(x: Array) -> float:
        value = cubes(x)
        x[:] = np.nan
        return value

    assert np.allclose(central_differences(greedy, np.ones(3)), 3.0)


def test_whole_numbers_are_differentiated_as_floats() -> None:
    assert np.allclose(central_differences(cubes, np.array([1, 2])), [3.0, 12.0])
