"""Generic transforms: each is recognised on random arrays, none is claimed where none is."""

from collections.abc import Callable, Iterator

import numpy as np
import pytest

from grader.diagnosis.transform import NOISE, find_transform, is_noise
from grader.model import Diagnosis

Array = np.ndarray
SIZES = (("the length of axis 0 of argument 1", 7), ("the length of axis 1 of argument 1", 5))


def normal(*shape: int, seed: int = 1) -> Array:
    """Return random values."""
    return np.random.default_rng(seed).normal(size=shape)


def name_of(found: Diagnosis | None) -> str:
    """Return the name of a pattern; empty if none was found."""
    return found.mistake.removeprefix("pattern: ") if found else ""


def headline(got: object, expected: object) -> str:
    """Return what is said about a wrong value; empty if nothing is."""
    found = find_transform(got, expected, SIZES)
    return found.headline if found else ""


def distinct(shape: tuple[int, ...], seed: int) -> Array:
    """Return values from 1.1 up with signs, so that no two transforms do the same to them."""
    rng = np.random.default_rng(seed)
    return (1.1 + 3 * rng.random(shape)) * rng.choice([-1.0, 1.0], size=shape)


TRANSFORMS: dict[str, tuple[str, Callable[[Array], Array]]] = {
    "times 3": ("factor", lambda x: 3 * x),
    "times 1e-4": ("factor", lambda x: 1e-4 * x),
    "divided by the batch": ("factor", lambda x: x / 7),
    "sign": ("sign", lambda x: -x),
    "transpose": ("transpose", lambda x: x.T.copy()),
    "reversed rows": ("reversed", lambda x: x[::-1]),
    "reversed columns": ("reversed", lambda x: x[:, ::-1]),
    "late": ("shifted", lambda x: np.roll(x, 1, axis=0)),
    "early": ("shifted", lambda x: np.concatenate([x[:, 1:], 0 * x[:, :1]], axis=1)),
    "magnitude": ("pointwise", np.abs),
    "square": ("pointwise", np.square),
    "truncated": ("pointwise", np.trunc),
    "rounded": ("pointwise", np.round),
    "inverse": ("pointwise", lambda x: 1 / x),
    "complement": ("pointwise", lambda x: 1 - x),
    "offset": ("offset", lambda x: x + 0.25),
    "large offset": ("offset", lambda x: x + 1e6),
    "float32": ("float32", lambda x: x.astype(np.float32).astype(np.float64)),
    "sum over rows": ("reduced", lambda x: x.sum(axis=0)),
    "mean over columns": ("reduced", lambda x: x.mean(axis=1)),
    "sum, axis kept": ("reduced", lambda x: x.sum(axis=1, keepdims=True)),
    "an axis more": ("axis of one", lambda x: x[:, None]),
    "first missing": ("off by one", lambda x: x[1:]),
    "last missing": ("off by one", lambda x: x[:, :-1]),
    "one extra": ("off by one", lambda x: np.concatenate([x, x[:1]])),
    "one extra before": ("off by one", lambda x: np.concatenate([x[:1] * 0, x])),
    "first row": ("partly right", lambda x: np.concatenate([x[:1] ** 3, x[1:]])),
    "nan": ("not finite", lambda x: np.where(x > 2, np.nan, x)),
    "inf": ("not finite", lambda x: np.where(x < -2, -np.inf, x)),
    "relu": ("partly right", lambda x: np.where(x < 0, x**2, x)),
}


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.parametrize("name", TRANSFORMS)
def test_transform_is_recognised(name: str, seed: int) -> None:
    expected = distinct((6, 6) if name == "transpose" else (7, 5), seed)
    pattern, transform = TRANSFORMS[name]

    assert name_of(find_transform(transform(expected), expected, SIZES)) == pattern


@pytest.mark.parametrize("name", TRANSFORMS)
def test_transform_with_noise_is_not_recognised(name: str) -> None:
    """A few per mille of noise on every value: something else is wrong too."""
    _, transform = TRANSFORMS[name]
    expected = distinct((6, 6) if name == "transpose" else (7, 5), 1)
    got = transform(expected)
    noisy = got * (1 + 3e-3 * (1 + normal(*got.shape, seed=2) ** 2))

    assert name_of(find_transform(noisy, expected, SIZES)) in ("", "not finite")


@pytest.mark.parametrize(
    ("transform", "text"),
    [
        (lambda x: 3 * x, "Every value is 3 times what it should be."),
        (
            lambda x: 7 * x,
            "Every value is 7 times what it should be (7: the length of axis 0 of argument 1).",
        ),
        (
            lambda x: x / 5,
            (
                "Every value is 0.2 times what it should be "
                "(1/5: one over the length of axis 1 of argument 1)."
            ),
        ),
        (
            lambda x: -5 * x,
            (
                "Every value is -5 times what it should be "
                "(with the wrong sign, 5: the length of axis 1 of argument 1)."
            ),
        ),
        (lambda x: -x, "Every value has the wrong sign."),
        (lambda x: x + 0.5, "Every value is +0.5 away from what it should be."),
        (lambda x: x - 0.5, "Every value is -0.5 away from what it should be."),
        (lambda x: x[::-1], "The values are right, but reversed along axis 0."),
        (
            lambda x: np.roll(x, 1, 1),
            "The values come one place too late along axis 1.",
        ),
        (np.abs, "These are the right values without their sign."),
        (np.square, "These are the squares of the right values."),
        (lambda x: x[1:], "The first entry along axis 0 is missing."),
        (lambda x: np.hstack([x, x[:, :1]]), "The last entry along axis 1 is extra."),
        (lambda x: x.sum(axis=0), "This is the sum of the right values over axis 0."),
        (lambda x: x[None], "The values fit, but an axis of length 1 is extra or missing."),
        (lambda x: x.T, "The values are right, but the axes are in another order."),
        (lambda x: np.stack([x / 2, x / 2]), "A sum over axis 0 is missing."),
        (
            lambda x: np.concatenate([x[:-1], 9 + x[-1:] ** 2]),
            "Only the last entry along axis 0 is wrong.",
        ),
        (
            lambda x: np.concatenate([x[:3], 9 + x[3:4] ** 2, x[4:]]),
            "Only entry 3 (counted from 0) along axis 0 is wrong.",
        ),
        (lambda x: np.where(x > 0, 9 + x**2, x), "The values that should be positive are wrong."),
        (
            lambda x: np.where(x == x.max(), np.nan, x),
            "There are 1 nan where the right values are finite; the other values are right.",
        ),
        (
            lambda x: np.where(x == x.max(), np.nan, np.where(x == x.min(), np.inf, 0.0)),
            "There are 1 nan and 1 inf where the right values are finite.",
        ),
        (lambda x: np.full_like(x, np.nan), "There are 35 nan where the right values are finite."),
    ],
)
def test_transform_is_put_into_words(transform: Callable[[Array], Array], text: str) -> None:
    expected = distinct((7, 5), 1)

    assert headline(transform(expected), expected) == text


def test_one_wrong_entry_of_a_vector_is_named() -> None:
    expected = distinct((4,), 1)
    got = expected.copy()
    got[0] = 17.0

    assert headline(got, expected) == "Only the first entry is wrong."


def test_transposed_square_is_named() -> None:
    expected = distinct((4, 4), 1)

    assert headline(expected.T, expected) == "The values are right, but transposed."


def test_factor_says_how_well_it_fits() -> None:
    found = find_transform(3 * normal(7, 5), normal(7, 5), SIZES)

    assert found is not None
    assert found.evidence.startswith("factor 3 in all 35 values, spread ")


def test_not_finite_values_come_with_a_question() -> None:
    found = find_transform(np.full(3, np.inf), np.ones(3), ())

    assert found is not None
    assert found.hint.endswith("?")


# What may not be claimed


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (3.0, 2.0),  # one number is always some multiple of another
        (np.array([3.0]), np.array([2.0])),
        (np.array([3.0, 3.0, 3.0]), np.array([2.0, 2.0, 2.0])),
        (np.array([0.0, 3.0, 0.0]), np.array([0.0, 2.0, 0.0])),
        (np.array([3.0, -3.0]), np.array([2.0, -2.0])),
    ],
)
def test_one_magnitude_does_not_show_a_factor(got: object, expected: object) -> None:
    assert name_of(find_transform(np.asarray(got), expected, ())) in ("", "partly right")


@pytest.mark.parametrize(("got", "pattern"), [(-2.0, "sign"), (14.0, "factor"), (0.4, "factor")])
def test_one_number_shows_a_factor_that_is_a_length_or_a_sign(got: float, pattern: str) -> None:
    assert name_of(find_transform(np.array(got), np.array(2.0), SIZES)) == pattern


@pytest.mark.parametrize(
    "expected",
    [normal(7, 5), np.abs(normal(7, 5)) / 9, np.eye(4), np.ones(5), np.array([0.0, 1.0, 2.0])],
)
def test_what_is_right_up_to_rounding_shows_nothing(expected: Array) -> None:
    """A check may be stricter than the noise of a transform."""
    got = expected * (1 + 1e-10)

    assert find_transform(got, expected, SIZES) is None


@pytest.mark.parametrize("expected", [normal(5), np.abs(normal(5)) / 9, np.arange(4.0)])
def test_zeros_show_nothing(expected: Array) -> None:
    assert name_of(find_transform(np.zeros_like(expected), expected, ())) in ("", "partly right")


def test_large_constant_shows_no_offset() -> None:
    assert find_transform(np.full((7, 5), 5e6), normal(7, 5), ()) is None


def test_only_the_shape_fitting_is_not_enough() -> None:
    assert find_transform(normal(7, 1, seed=2), normal(7), ()) is None


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        ("text", "other"),
        (None, np.ones(3)),
        (np.ones(3), None),
        ([1.0, 2.0], np.ones(2)),
        (np.ones(0), np.ones(0)),
        (np.ones(3), np.ones(0)),
        (np.array(["a", "b"]), np.ones(2)),
        (np.ones(2), np.array(["a", "b"])),
        (np.ones(2, dtype=complex), np.ones(2)),
        (np.array([True, False]), np.array([1.0, 1.0])),
        (np.full(3, np.nan), np.full(3, np.nan)),
        (np.array([np.nan, 1.0]), np.array([np.inf, 1.0])),
    ],
)
def test_what_cannot_be_compared_shows_nothing(got: object, expected: object) -> None:
    assert find_transform(got, expected, SIZES) is None


@pytest.mark.parametrize("dtype", ["int64", "uint8", "float32"])
def test_other_dtypes_are_compared_by_value(dtype: str) -> None:
    expected = np.array([[1, 2, 3], [4, 5, 7]])

    assert headline((2 * expected).astype(dtype), expected) == (
        "Every value is 2 times what it should be."
    )


def test_unsigned_differences_do_not_wrap_around() -> None:
    got, expected = np.array([[0], [255]], dtype=np.uint8), np.array([1, 255], dtype=np.uint8)

    assert find_transform(got, expected, ()) is None


def test_many_axes_are_answered_at_once() -> None:
    """A submission chooses how many axes there are; their orders are not all tried."""
    got = np.ones((2,) * 2 + (1,) * 8) * normal(1)

    assert find_transform(got, normal(3, 3), ()) is None
    assert find_transform(normal(*(2,) * 8), normal(*(2,) * 8, seed=2), ()) is None


@pytest.mark.parametrize("axes", [3, 4, 5])
def test_orders_of_a_few_axes_are_tried(axes: int) -> None:
    expected = normal(*range(2, 2 + axes))

    assert name_of(find_transform(expected.transpose(), expected, ())) == "transpose"


# How often a wrong name is given


def unrelated(count: int, seed: int) -> Iterator[tuple[Array, Array]]:
    """Yield wrong and right arrays that have nothing to do with each other."""
    rng = np.random.default_rng(seed)
    draws: list[Callable[[tuple[int, ...]], Array]] = [
        lambda shape: rng.normal(size=shape),
        rng.random,
        lambda shape: rng.integers(0, 10, shape).astype(np.float64),
        lambda shape: rng.normal(size=shape) * 10.0 ** rng.integers(-6, 7),
        lambda shape: rng.normal(size=shape) ** 2,
        lambda shape: np.full(shape, rng.normal()),
        np.zeros,
        lambda shape: (rng.random(shape) < 0.5).astype(np.float64),
    ]
    while count:
        shape = tuple(int(n) for n in rng.integers(1, 6, rng.integers(0, 4)))
        other = shape
        if rng.random() < 0.3:  # the wrong one has another shape
            other = tuple(int(n) for n in rng.integers(1, 6, rng.integers(0, 4)))
        right, wrong = draws[rng.integers(5)](shape), draws[rng.integers(len(draws))](other)
        if wrong.shape != right.shape or not is_noise(wrong, right):
            count -= 1
            yield wrong, right


def is_fact(found: Diagnosis) -> bool:
    """Whether what is said only points at the values that are wrong."""
    return name_of(found) == "partly right"


def test_false_names_are_rarer_than_one_in_a_hundred() -> None:
    """Of 2,000 arrays at three seeds 8, 6 and 2 were named: small whole numbers that fit."""
    sizes = (*SIZES, ("the length of axis 0 of argument 2", 3))
    found = [find_transform(wrong, right, sizes) for wrong, right in unrelated(2000, seed=1)]
    named = [entry for entry in found if entry and not is_fact(entry)]

    assert len(named) / len(found) < 0.01


def test_what_is_said_of_a_part_is_true() -> None:
    """Of random whole numbers some agree by chance; what is said about them is still so."""
    rng = np.random.default_rng(2)
    for _ in range(500):
        right = rng.integers(-2, 3, 4).astype(np.float64)
        wrong = rng.integers(-2, 3, 4).astype(np.float64)
        found = find_transform(wrong, right, ())
        if found and is_fact(found) and found.headline.startswith("Only"):
            assert np.count_nonzero(wrong != right) == 1


# Noise


@pytest.mark.parametrize(
    ("got", "expected", "holds"),
    [
        (np.ones(3), np.ones(3), True),
        (np.ones(3) * (1 + NOISE / 2), np.ones(3), True),
        (np.ones(3) * (1 + 2 * NOISE), np.ones(3), False),
        (np.array([1.0, 1e-9]), np.array([1.0, 0.0]), True),
        (np.array([0.0]), np.array([0.0]), True),
        (np.array([1e-12]), np.array([0.0]), False),
        (np.ones(3), np.ones((3, 1)), False),
        (np.ones(0), np.ones(0), False),
        (np.array([np.inf]), np.array([np.inf]), False),
        (np.array([np.nan]), np.array([np.nan]), False),
    ],
)
def test_noise_is_relative_to_the_largest_value(got: Array, expected: Array, holds: bool) -> None:
    assert is_noise(got, expected) is holds
