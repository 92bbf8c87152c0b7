"""Assertions over the values of a submission. Each notes what it judged and explains a failure."""

from collections.abc import Sequence
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from grader.errors import SubmissionError
from grader.sandbox.client import Tensor
from grader.testing.record import Fact, Failure, judge, measure
from grader.testing.submission import Submission, describe

# Measured over 200 random shapes of every operation of the seven labs: the worst correct variant
# uses 0.0016 of this tolerance (CALIBRATION of the design, section 6).
RTOL, ATOL = 1e-6, 1e-8
RTOL32, ATOL32 = 1e-3, 1e-4  # where float32 is accepted


def assert_close(
    got: ArrayLike,
    expected: ArrayLike,
    *,
    what: str,
    rtol: float = RTOL,
    atol: float | None = None,
    dtype: str = "float64",
    hint: str = "",
    equal_nan: bool = False,
) -> None:
    """Compare an array with what it should be: shape, then dtype, then every value.

    Nothing is broadcast and NaN equals nothing.

    Args:
        got: The submission's value, any shape.
        expected: (same shape), computed by the check.
        what: The call as a student would write it.
        rtol: Relative tolerance; say why if it is not the default.
        atol: Absolute tolerance; None is 1e-8 * max(1, largest expected magnitude).
        dtype: Required dtype; "floating" accepts float32 too, with float32 tolerances; "any" none.
        hint: What to think about, if the lab's own hint does not fit.
        equal_nan: Whether NaN is expected where the expected value is NaN.
    """
    __tracebackhide__ = True
    wanted = np.asarray(expected)
    actual = np.asarray(got)
    failure = wrong_form(actual, wanted, what=what, dtype=dtype, hint=hint)
    if failure is None:
        if actual.dtype == np.float32 and dtype == "floating":
            rtol, atol = max(rtol, RTOL32), atol if atol is not None else ATOL32 * _scale(wanted)
        limit = atol if atol is not None else ATOL * _scale(wanted)
        failure = _wrong_values(actual, wanted, what, (rtol, limit), hint=hint, equal_nan=equal_nan)
    judge(what, actual, failure, expected=wanted)


def _scale(wanted: NDArray[Any]) -> float:
    finite = np.abs(wanted[np.isfinite(wanted)]) if wanted.size else wanted
    return max(1.0, float(finite.max(initial=0.0)))


def wrong_form(
    actual: NDArray[Any], wanted: NDArray[Any], *, what: str, dtype: str, hint: str
) -> Failure | None:
    """Compare shape and dtype; return what is wrong with them, if anything is."""
    forms = (
        Fact(label="got", text=f"{actual.dtype} {actual.shape}"),
        Fact(label="expected", text=f"{_dtype_words(dtype, wanted)} {wanted.shape}"),
    )
    if actual.shape != wanted.shape:
        return Failure(headline=f"{what} has the wrong shape.", facts=forms, hint=hint)
    accepted = {"floating": ("float32", "float64"), "any": (actual.dtype.name,)}
    if actual.dtype.name not in accepted.get(dtype, (dtype,)):
        return Failure(headline=f"{what} has the wrong dtype.", facts=forms, hint=hint)
    return None


def _dtype_words(dtype: str, wanted: NDArray[Any]) -> str:
    words = {"floating": "float64 or float32", "any": wanted.dtype.name}
    return words.get(dtype, dtype)


def _wrong_values(
    actual: NDArray[Any],
    wanted: NDArray[Any],
    what: str,
    tolerance: tuple[float, float],
    *,
    hint: str,
    equal_nan: bool,
) -> Failure | None:
    rtol, atol = tolerance
    with np.errstate(all="ignore"):
        close = np.isclose(actual, wanted, rtol=rtol, atol=atol, equal_nan=equal_nan)
    wrong = int(close.size - np.count_nonzero(close))
    if wrong == 0:
        return None
    place = tuple(int(i) for i in np.argwhere(~close)[0])
    odd = [
        f"{int(np.count_nonzero(test(actual)))} {name}"
        for name, test in (("nan", np.isnan), ("inf", np.isinf))
        if np.any(test(actual))
    ]
    first = f"{_at(place)}got {_number(actual[place])}, expected {_number(wanted[place])}"
    facts = (
        Fact(label="first at", text=first, is_private=True),
        Fact(label="allowed", text=f"rtol={rtol:g}, atol={atol:.3g}"),
        Fact(label="got", text=", ".join([f"{actual.dtype} {actual.shape}", *odd])),
        Fact(label="expected", text=f"{wanted.dtype} {wanted.shape}"),
    )
    count = f"in {wrong} of {close.size} values" if close.size > 1 else ""
    return Failure(headline=f"{what} is wrong {count}".rstrip() + ".", facts=facts, hint=hint)


def _at(place: tuple[int, ...]) -> str:
    return f"[{', '.join(map(str, place))}]: " if place else ""


def _number(value: Any) -> str:
    return f"{value:.7g}" if isinstance(value, float | np.floating) else str(value)


def assert_equal(got: object, expected: object, *, what: str, hint: str = "") -> None:
    """Compare exactly: counts, texts, index arrays, shapes, lists of these.

    Numbers are compared by value, whatever their integer or float type; arrays also by shape.
    """
    __tracebackhide__ = True
    failure = None
    if not is_same(got, expected):
        fact = Fact(
            label="first at",
            text=f"got {_short(got)}, expected {_short(expected)}",
            is_private=True,
        )
        failure = Failure(headline=f"{what} is wrong.", facts=(fact,), hint=hint)
    judge(what, got, failure, expected=expected)


def is_same(got: object, expected: object) -> bool:
    """Compare two values of plain types exactly, never by a method of an unknown object."""
    if isinstance(got, np.ndarray | np.generic) or isinstance(expected, np.ndarray | np.generic):
        try:
            left, right = np.asarray(got), np.asarray(expected)
        except ValueError:  # a ragged list
            return False
        if left.dtype == object or right.dtype == object:
            return False
        return left.shape == right.shape and bool(np.array_equal(left, right))
    if isinstance(got, tuple | list) and isinstance(expected, tuple | list):
        pairs = zip(got, expected, strict=False)
        return len(got) == len(expected) and all(is_same(a, b) for a, b in pairs)
    if isinstance(got, dict) and isinstance(expected, dict):
        return set(got) == set(expected) and all(is_same(got[key], expected[key]) for key in got)
    return type(got) in (bool, int, float, str, type(None)) and bool(got == expected)


def _short(value: object) -> str:
    text = " ".join(repr(value).split())
    return text if len(text) <= 120 else f"{text[:117]}..."


def assert_that(condition: object, message: str, *, shows: object = None, hint: str = "") -> None:
    """State any other promise.

    Args:
        condition: Whether it holds.
        message: What is wrong if not: a sentence with the call in it, without hidden inputs.
        shows: The value of the submission it was judged on; by it a mistake is recognised.
        hint: What to think about.
    """
    __tracebackhide__ = True
    failure = None if bool(condition) else Failure(headline=message, hint=hint)
    judge(message, bool(condition) if shows is None else shows, failure)


def assert_at_least(got: float, bar: float, *, what: str, unit: str = "", hint: str = "") -> None:
    """Require a number to reach a bar; both go into the report."""
    __tracebackhide__ = True
    _assert_bar(got, bar, is_limit=False, reached=got >= bar, words=(what, unit, hint))


def assert_at_most(got: float, bar: float, *, what: str, unit: str = "", hint: str = "") -> None:
    """Require a number to stay within a bar; both go into the report."""
    __tracebackhide__ = True
    _assert_bar(got, bar, is_limit=True, reached=got <= bar, words=(what, unit, hint))


def _assert_bar(
    got: float, bar: float, *, is_limit: bool, reached: bool, words: tuple[str, str, str]
) -> None:
    what, unit, hint = words
    measure(what, got, threshold=bar, is_limit=is_limit, unit=unit)
    failure = None
    if not reached:  # also when it is NaN
        relation = "at most" if is_limit else "at least"
        numbers = f"{got:.4g}{_unit(unit)}, needed {relation} {bar:.4g}{_unit(unit)}"
        failure = Failure(headline=f"{what}: {numbers}.", hint=hint)
    judge(what, np.float64(got), failure, expected=None)


def _unit(unit: str) -> str:
    return f" {unit}" if unit else ""


def assert_statistic(
    got: float,
    expected: float,
    *,
    standard_error: float,
    what: str,
    false_fail: float = 1e-6,
    hint: str = "",
) -> None:
    """Compare a statistic of random values with its expectation.

    Args:
        got: The statistic of the submission's values.
        expected: Its expectation if the submission is right.
        standard_error: Its standard deviation if the submission is right.
        what: Which statistic of which call.
        false_fail: Probability that a correct submission fails, if the statistic is normal.
        hint: What to think about.
    """
    __tracebackhide__ = True
    allowed = -NormalDist().inv_cdf(false_fail / 2) * standard_error
    failure = None
    if not abs(got - expected) <= allowed:  # also when it is NaN
        facts = (
            Fact(label="got", text=f"{got:.6g}"),
            Fact(label="expected", text=f"{expected:.6g}", is_private=True),
            Fact(
                label="allowed",
                text=f"{allowed:.3g} away; a correct answer fails once in {1 / false_fail:,.0f}",
            ),
        )
        failure = Failure(headline=f"{what} is not what it should be.", facts=facts, hint=hint)
    measure(what, got)
    judge(what, np.float64(got), failure, expected=np.float64(expected))


def assert_raises(
    submission: Submission,
    name: str,
    *args: object,
    kind: str | Sequence[str],
    what: str,
    hint: str = "",
) -> None:
    """Require a call to raise an exception of one of these types."""
    __tracebackhide__ = True
    kinds = (kind,) if isinstance(kind, str) else tuple(kind)
    try:
        value = getattr(submission, name)(*args)
    except SubmissionError as error:
        if error.kind in ("NotImplementedError", ""):
            raise
        got = f"{error.kind}"
    else:
        got = f"no exception, but {describe(value)}"
    failure = None
    if got not in kinds:
        fact = Fact(label="got", text=got, is_private=True)  # names that the submission chose
        headline = f"{what} should raise {' or '.join(kinds)}."
        failure = Failure(headline=headline, facts=(fact,), hint=hint)
    judge(what, got, failure, expected=kinds[0])


def assert_unchanged(
    submission: Submission, name: str, *args: object, what: str, hint: str = ""
) -> None:
    """Require a call to leave its array arguments as they were."""
    __tracebackhide__ = True
    _, after = submission.call_and_look(name, *args)
    changed = [
        place
        for place, (before, now) in enumerate(zip(args, after or (), strict=False), 1)
        if not _is_untouched(before, now)
    ]
    failure = None
    if changed or not isinstance(after, tuple) or len(after) != len(args):
        places = " and ".join(map(str, changed))
        failure = Failure(headline=f"{what} changes its argument {places} in place.", hint=hint)
    judge(what, changed, failure)


def _is_untouched(before: object, now: object) -> bool:
    if isinstance(before, Tensor):
        before = before.array
    if isinstance(before, np.ndarray):
        if not isinstance(now, np.ndarray) or now.dtype != before.dtype:
            return False
        return bool(np.array_equal(before, now, equal_nan=before.dtype.kind in "fc"))
    if isinstance(before, tuple | list):
        return (
            isinstance(now, tuple | list)
            and len(now) == len(before)
            and all(_is_untouched(a, b) for a, b in zip(before, now, strict=True))
        )
    if isinstance(before, dict):
        return (
            isinstance(now, dict)
            and set(now) == set(before)
            and all(_is_untouched(before[key], now[key]) for key in before)
        )
    return True


def assert_not_aliased(
    submission: Submission, name: str, *args: object, what: str, hint: str = ""
) -> None:
    """Require that what a call returns does not change when its arguments change later."""
    __tracebackhide__ = True
    result, again = submission.call_and_overwrite(name, *args)
    aliased = not _is_untouched(result, again)
    failure = None
    if aliased:
        headline = f"{what} returns its own argument: changing one changes the other."
        failure = Failure(headline=headline, hint=hint)
    judge(what, aliased, failure)


def assert_rng_untouched(
    submission: Submission, name: str, *args: object, what: str, hint: str = ""
) -> None:
    """Require a call to leave the global random generators alone: use the `rng` that is passed."""
    __tracebackhide__ = True
    moved = submission.moved_global_rngs(name, *args)
    failure = None
    if moved:
        headline = f"{what} draws from or reseeds a global random generator ({moved})."
        failure = Failure(headline=headline, hint=hint)
    judge(what, bool(moved), failure)
