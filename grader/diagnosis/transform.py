"""Generic transforms between a wrong array and the right one: factor, sign, transpose, ..."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grader.model import Diagnosis

NOISE = 1e-6  # a transform must explain the values this well, relative to the largest of them
MAX_AXES = 5
Array = NDArray[Any]
Sizes = Sequence[tuple[str, int]]


def is_noise(got: Array, expected: Array, *, noise: float = NOISE) -> bool:
    """Whether two arrays of one shape differ by rounding only."""
    if got.shape != expected.shape or not got.size:
        return False
    with np.errstate(all="ignore"):
        scale = float(np.max(np.abs(expected)))
        error = float(np.max(np.abs(got - expected)))
    return bool(np.isfinite(error) and error <= noise * scale)


def find_transform(got: object, expected: object, sizes: Sizes) -> Diagnosis | None:
    """Explain a wrong array by one transform of the right one.

    Args:
        got: The submission's value.
        expected: The right value.
        sizes: Lengths by name, which a wrong factor may equal.

    Returns:
        The first transform that fits at noise level; None if there is none.
    """
    if not isinstance(got, np.ndarray | np.generic) or expected is None:
        return None
    actual, wanted = np.asarray(got), np.asarray(expected)
    if not wanted.size or not actual.size or wanted.dtype.kind not in "fiu":
        return None
    if actual.dtype.kind not in "fiu":
        return None
    if actual.shape != wanted.shape:
        return next(_shapes(actual, wanted), None)
    if not np.all(np.isfinite(actual)):
        return _not_finite(actual, wanted)
    actual, wanted = actual.astype(np.float64), wanted.astype(np.float64)
    if is_noise(actual, wanted):  # so close that every transform that changes little would fit
        return _float32(actual, wanted)
    return next((found for test in _TESTS if (found := test(actual, wanted, sizes))), None)


def _found(name: str, headline: str, evidence: str = "", hint: str = "") -> Diagnosis:
    return Diagnosis(mistake=f"pattern: {name}", headline=headline, evidence=evidence, hint=hint)


def _shapes(got: Array, expected: Array) -> Iterator[Diagnosis]:
    """Explain a wrong shape, where the values say how; zeros fit every explanation."""
    if not np.any(got):
        return
    squeezed = tuple(size for size in got.shape if size != 1)
    is_alike = squeezed == tuple(size for size in expected.shape if size != 1)
    if is_alike and is_noise(got.reshape(expected.shape), expected):
        yield _found("axis of one", "The values fit, but an axis of length 1 is extra or missing.")
    for axes in _orders(got.ndim):
        if is_noise(got.transpose(axes), expected):
            yield _found("transpose", "The values are right, but the axes are in another order.")
    yield from _reduced(got, expected)
    for axis in range(got.ndim):
        if got.ndim == expected.ndim + 1 and is_noise(got.sum(axis=axis), expected):
            yield _found("not summed", f"A sum over axis {axis} is missing.")
    yield from _off_by_one(got, expected)


def _orders(ndim: int) -> Iterator[tuple[int, ...]]:
    """Yield all other orders of axes; of few axes only: a submission chooses how many."""
    if 2 <= ndim <= MAX_AXES:
        yield from itertools.islice(itertools.permutations(range(ndim)), 1, None)


def _reduced(got: Array, expected: Array) -> Iterator[Diagnosis]:
    reductions = (("sum", np.sum), ("mean", np.mean))
    for axis, keepdims in itertools.product(range(expected.ndim), (False, True)):
        for name, reduce in reductions:
            if is_noise(got, reduce(expected, axis=axis, keepdims=keepdims)):
                yield _found("reduced", f"This is the {name} of the right values over axis {axis}.")


def _off_by_one(got: Array, expected: Array) -> Iterator[Diagnosis]:
    if got.ndim != expected.ndim:
        return
    for axis in range(got.ndim):
        difference = got.shape[axis] - expected.shape[axis]
        if abs(difference) != 1:
            continue
        longer, shorter = (got, expected) if difference == 1 else (expected, got)
        word = "extra" if difference == 1 else "missing"
        for name, part in (("first", np.s_[1:]), ("last", np.s_[:-1])):
            index = (slice(None),) * axis + (part,)
            if is_noise(longer[index], shorter):
                yield _found("off by one", f"The {name} entry along axis {axis} is {word}.")


def _not_finite(got: Array, expected: Array) -> Diagnosis | None:
    if not np.all(np.isfinite(expected)):
        return None
    nan, inf = int(np.isnan(got).sum()), int(np.isinf(got).sum())
    rest = np.isfinite(got)
    is_rest_right = bool(np.allclose(got[rest], expected[rest], rtol=NOISE, atol=NOISE))
    words = " and ".join(f"{n} {name}" for n, name in ((nan, "nan"), (inf, "inf")) if n)
    tail = "; the other values are right" if is_rest_right and rest.any() else ""
    return _found(
        "not finite",
        f"There are {words} where the right values are finite{tail}.",
        hint="Which step leaves the range of floats: an exp, a log of 0, a division by 0?",
    )


def _factor(got: Array, expected: Array, sizes: Sizes) -> Diagnosis | None:
    square = float(np.sum(expected * expected))
    if square == 0.0:
        return None
    ratio = float(np.sum(got * expected)) / square
    if ratio == 0.0 or not is_noise(got, ratio * expected):
        return None
    name = _name_of(ratio, sizes)
    is_telling = "axis" in name or abs(ratio + 1) < NOISE
    if not is_telling and not _has_two_magnitudes(expected):
        return None  # one number is always some multiple of another
    spread = float(np.max(np.abs(got - ratio * expected)) / np.max(np.abs(got)))
    evidence = f"factor {ratio:.6g} in all {got.size} values, spread {spread:.0e}"
    if ratio == -1 or abs(ratio + 1) < NOISE:
        return _found("sign", "Every value has the wrong sign.", evidence)
    said = f" ({name})" if name else ""
    return _found("factor", f"Every value is {ratio:.6g} times what it should be{said}.", evidence)


def _has_two_magnitudes(values: Array) -> bool:
    """Whether there are two values that differ in size, apart from zeros."""
    sizes = np.abs(values[values != 0])
    return bool(sizes.size) and bool(np.ptp(sizes) > NOISE * sizes.max())


def _name_of(ratio: float, sizes: Sizes) -> str:
    """Say which length a factor equals, or the inverse of which."""
    for name, size in sizes:
        for value, words in ((size, name), (1 / size, f"one over {name}")):
            for sign, minus in ((1, ""), (-1, "with the wrong sign, ")):
                if abs(ratio - sign * value) <= NOISE * abs(value):
                    return f"{minus}{size if value == size else f'1/{size}'}: {words}"
    return ""


def _offset(got: Array, expected: Array, _sizes: Sizes) -> Diagnosis | None:
    if got.size < 3 or np.ptp(expected) == 0:
        return None
    offset = float(np.mean(got - expected))
    if is_noise(got - offset, expected):  # held against the right values, however far it is
        return _found("offset", f"Every value is {offset:+.6g} away from what it should be.")
    return None


def _rearranged(got: Array, expected: Array, _sizes: Sizes) -> Diagnosis | None:
    if np.ptp(expected) == 0:
        return None
    for axes in _orders(got.ndim):
        if is_noise(got, expected.transpose(axes)):
            return _found("transpose", "The values are right, but transposed.")
    for axis in range(got.ndim):
        if is_noise(got, np.flip(expected, axis)):
            return _found("reversed", f"The values are right, but reversed along axis {axis}.")
        for step, word in ((1, "late"), (-1, "early")):
            inner = (slice(None),) * axis + (slice(1, None) if step == 1 else slice(None, -1),)
            if got.shape[axis] > 2 and is_noise(got[inner], np.roll(expected, step, axis)[inner]):
                return _found("shifted", f"The values come one place too {word} along axis {axis}.")
    return None


def _pointwise(got: Array, expected: Array, _sizes: Sizes) -> Diagnosis | None:
    functions: dict[str, Callable[[Array], Array]] = {
        "the right values without their sign": np.abs,
        "the squares of the right values": np.square,
        "the right values cut to whole numbers": np.trunc,
        "the right values rounded to whole numbers": np.round,
        "the inverses of the right values": lambda x: 1 / x,
        "the square roots of the right values": np.sqrt,
        "one minus the right values": lambda x: 1 - x,
    }
    if got.size < 2 or np.ptp(got) == 0:  # zeros are anything small, rounded
        return None
    for words, function in functions.items():
        with np.errstate(all="ignore"):
            if is_noise(got, function(expected)):
                return _found("pointwise", f"These are {words}.")
    return None


def _float32(got: Array, expected: Array) -> Diagnosis | None:
    is_rounded = np.array_equal(got, got.astype(np.float32))
    if is_rounded and not is_noise(got, expected, noise=1e-9):
        return _found("float32", "The values passed through float32 on the way.")
    return None


def _partly_right(got: Array, expected: Array, _sizes: Sizes) -> Diagnosis | None:
    """Name a part that is right, or the one row or column that is wrong."""
    right = np.isclose(got, expected, rtol=NOISE, atol=NOISE * float(np.max(np.abs(expected))))
    if got.ndim == 0 or not right.any():
        return None
    for axis in range(got.ndim):
        others = tuple(a for a in range(got.ndim) if a != axis)
        good = right.all(axis=others)
        wrong = np.flatnonzero(~good)
        if got.shape[axis] > 2 and len(wrong) == 1:
            ends = {0: "the first entry", got.shape[axis] - 1: "the last entry"}
            place = ends.get(int(wrong[0]), f"entry {wrong[0]} (counted from 0)")
            along = "" if got.ndim == 1 else f" along axis {axis}"
            return _found("partly right", f"Only {place}{along} is wrong.")
    for words, where in (("positive", expected > 0), ("negative", expected < 0)):
        if where.any() and (~where).any() and right[~where].all() and not right[where].any():
            return _found("partly right", f"The values that should be {words} are wrong.")
    return None


_TESTS = (_factor, _rearranged, _pointwise, _offset, _partly_right)
