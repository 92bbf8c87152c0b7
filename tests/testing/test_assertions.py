"""Every assertion passes what is right, fails what is wrong, and says so in fixed words."""

import random
from collections.abc import Callable

import numpy as np
import pytest
from local_program import submission, text_of

from grader.errors import SubmissionError
from grader.model import Measurement
from grader.testing import (
    assert_at_least,
    assert_at_most,
    assert_close,
    assert_equal,
    assert_not_aliased,
    assert_raises,
    assert_rng_untouched,
    assert_statistic,
    assert_that,
    assert_unchanged,
)
from grader.testing.record import CheckFailedError, Recorder, recording

NAN, INF = float("nan"), float("inf")
F32 = np.float32
X = np.array([1.0, 2.0, 3.0])


def fails(judge: Callable[[], None]) -> str:
    """Return what an assertion says; it must fail."""
    with pytest.raises(CheckFailedError) as caught:
        judge()
    return text_of(caught)


def recorded(judge: Callable[[], None]) -> Recorder:
    """Return what is noted of an assertion while dlab runs a check."""
    with recording() as recorder:
        judge()
    return recorder


# assert_close


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (X, X),
        (X, [1, 2, 3]),
        (X * (1 + 9e-7), X),
        (X + 9e-9, X),
        (np.float64(3.0), 3.0),
        (3.0, 3),
        (np.zeros((0, 3)), np.zeros((0, 3))),
        (np.array([INF, -INF]), [INF, -INF]),
        (np.array(1e300) * 1.0, 1e300),
        (np.array([1e-9]), [0.0]),
        (np.array([1e9 + 5e2]), [1e9]),
    ],
)
def test_close_passes_what_is_right(got: object, expected: object) -> None:
    assert_close(got, expected, what="f(x)")


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (X * (1 + 1e-5), X),
        (X + 1e-5, X),
        (-X, X),
        (np.array([1.0, NAN]), [1.0, 2.0]),
        (np.array([NAN]), [NAN]),
        (np.array([INF]), [-INF]),
        (np.array([1e308]), [INF]),
        (np.array([INF]), [1e308]),
        (np.array([1e-7]), [0.0]),
        (np.zeros(3), X),
    ],
)
def test_close_fails_what_is_wrong(got: object, expected: object) -> None:
    assert "is wrong" in fails(lambda: assert_close(got, expected, what="f(x)"))


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (np.ones(3), np.ones((3, 1))),
        (np.ones((1, 3)), np.ones(3)),
        (np.ones((3, 3)), np.ones(3)),
        (np.array(1.0), np.ones(1)),
        (1.0, np.ones(3)),
        (np.ones((0, 3)), np.ones((3, 0))),
        (np.ones(4), np.ones(3)),
    ],
)
def test_close_broadcasts_nothing(got: object, expected: object) -> None:
    assert fails(lambda: assert_close(got, expected, what="f(x)")).startswith(
        "f(x) has the wrong shape.\n"
    )


@pytest.mark.parametrize("dtype", ["float32", "float16", "int64", "bool", "complex128", "uint8"])
def test_close_asks_for_float64(dtype: str) -> None:
    text = fails(lambda: assert_close(np.ones(3, dtype=dtype), np.ones(3), what="f(x)"))

    assert text == (f"f(x) has the wrong dtype.\ngot       {dtype} (3,)\nexpected  float64 (3,)")


def test_close_compares_the_shape_before_the_dtype() -> None:
    text = fails(lambda: assert_close(np.ones(2, dtype=F32), np.ones(3), what="f(x)"))

    assert text == ("f(x) has the wrong shape.\ngot       float32 (2,)\nexpected  float64 (3,)")


def test_close_compares_the_dtype_before_the_values() -> None:
    text = fails(lambda: assert_close(np.zeros(3, dtype=F32), np.ones(3), what="f(x)"))

    assert text.startswith("f(x) has the wrong dtype.")


@pytest.mark.parametrize("dtype", ["int64", "bool", "float32", "complex128"])
def test_close_can_ask_for_another_dtype(dtype: str) -> None:
    assert_close(np.ones(3, dtype=dtype), np.ones(3, dtype=dtype), what="f(x)", dtype=dtype)


@pytest.mark.parametrize("dtype", ["int64", "bool", "float32"])
def test_close_of_any_dtype_compares_values_only(dtype: str) -> None:
    assert_close(np.ones(3, dtype=dtype), np.ones(3), what="f(x)", dtype="any")
    assert "wrong in 3 of 3" in fails(
        lambda: assert_close(np.zeros(3, dtype=dtype), np.ones(3), what="f(x)", dtype="any")
    )


def test_close_says_what_where_and_how_far() -> None:
    got = np.array([[1.0, 2.0], [NAN, INF]])

    text = fails(lambda: assert_close(got, [[1.0, 2.5], [3.0, 400.0]], what="softmax(x)"))

    assert text == (
        "softmax(x) is wrong in 3 of 4 values.\n"
        "first at  [0, 1]: got 2, expected 2.5\n"
        "allowed   rtol=1e-06, atol=4e-06\n"
        "got       float64 (2, 2), 1 nan, 1 inf\n"
        "expected  float64 (2, 2)"
    )


def test_close_of_one_number_counts_nothing() -> None:
    text = fails(lambda: assert_close(2.5, 2.0, what="loss(x)", rtol=1e-3, atol=0.0))

    assert text == (
        "loss(x) is wrong.\n"
        "first at  got 2.5, expected 2\n"
        "allowed   rtol=0.001, atol=0\n"
        "got       float64 ()\n"
        "expected  float64 ()"
    )


def test_close_keeps_its_numbers_from_students_of_hidden_checks() -> None:
    recorder = recorded(lambda: assert_close(X, X + 0.125, what="f(x)"))
    failure = recorder.first_failure.failure

    assert failure.text(with_private=False) == (
        "f(x) is wrong in 3 of 3 values.\n"
        "allowed   rtol=1e-06, atol=3.12e-08\n"
        "got       float64 (3,)\n"
        "expected  float64 (3,)"
    )
    assert "3.125" not in failure.text(with_private=False)
    assert "1.125" in failure.text(with_private=True)


def test_close_takes_a_tolerance_of_its_own() -> None:
    assert_close(X * 1.009, X, what="f(x)", rtol=0.01)
    fails(lambda: assert_close(X * 1.011, X, what="f(x)", rtol=0.01))


def test_close_without_an_absolute_tolerance_compares_small_numbers() -> None:
    assert "is wrong" in fails(
        lambda: assert_close(np.array([1e-12]), [2e-12], what="f(x)", atol=0.0)
    )


def test_close_expects_nan_only_where_it_is_told() -> None:
    assert_close(np.array([NAN, 1.0]), [NAN, 1.0], what="f(x)", equal_nan=True)
    fails(lambda: assert_close(np.array([NAN, NAN]), [NAN, 1.0], what="f(x)", equal_nan=True))


@pytest.mark.parametrize("got", [X, X.astype(F32), X * (1 + 9e-7)])
def test_close_of_floating_takes_both_precisions(got: np.ndarray) -> None:
    assert_close(got, X, what="f(x)", dtype="floating")


def test_close_of_floating_is_looser_for_float32_only() -> None:
    worse = X * (1 + 5e-4)

    assert_close(worse.astype(F32), X, what="f(x)", dtype="floating")
    fails(lambda: assert_close(worse, X, what="f(x)", dtype="floating"))
    fails(lambda: assert_close((X * 1.01).astype(F32), X, what="f(x)", dtype="floating"))


def test_close_of_floating_does_not_tighten_what_is_looser() -> None:
    assert_close((X * 1.4).astype(F32), X, what="f(x)", dtype="floating", rtol=0.5)


def test_close_of_floating_keeps_a_stated_absolute_tolerance() -> None:
    small = np.array([5e-5], dtype=F32)

    assert_close(small, [0.0], what="f(x)", dtype="floating")
    fails(lambda: assert_close(small, [0.0], what="f(x)", dtype="floating", atol=1e-6))


@pytest.mark.parametrize("dtype", ["int64", "float16"])
def test_close_of_floating_takes_nothing_else(dtype: str) -> None:
    text = fails(lambda: assert_close(X.astype(dtype), X, what="f(x)", dtype="floating"))

    assert text.endswith("expected  float64 or float32 (3,)")


def test_close_notes_value_and_expectation() -> None:
    (seen,) = recorded(lambda: assert_close(X, X + 1, what="f(x)", hint="Think.")).observations

    assert seen.what == "f(x)"
    assert np.array_equal(seen.got, X)
    assert np.array_equal(seen.expected, X + 1)
    assert seen.failure.hint == "Think."


# assert_equal


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (3, 3),
        (3.0, 3),
        (np.int64(3), 3),
        (np.float64(3), 3),
        ("a", "a"),
        (None, None),
        ((1, 2), [1, 2]),
        ([1, (2, "x")], (1, [2, "x"])),
        (np.array([1, 2]), [1, 2]),
        ([1, 2], np.array([1, 2])),
        (np.array([1, 2], dtype=np.int32), np.array([1, 2])),
        ({"a": np.ones(2)}, {"a": [1, 1]}),
        ((2, 3), np.ones((2, 3)).shape),
        ([], []),
    ],
)
def test_equal_passes_what_is_equal(got: object, expected: object) -> None:
    assert_equal(got, expected, what="f(x)")


class Agreeable:
    """Equal to everything, as a submission might try."""

    def __eq__(self, other: object) -> bool:
        """Agree."""
        return True

    def __hash__(self) -> int:
        """Be anyone."""
        return 0


@pytest.mark.parametrize(
    ("got", "expected"),
    [
        (3, 4),
        ("a", "b"),
        ("1", 1),
        (None, 0),
        (0, None),
        ((1, 2), (1, 2, 3)),
        ([1, 2], {1: 2}),
        (np.array([1, 2]), [[1, 2]]),
        (np.array([1]), 1),
        ([[1], [1, 2]], np.array([1, 2])),
        (2**200, np.int64(1)),
        ({"a": 1}, {"b": 1}),
        ({"a": 1}, {"a": 2}),
        (NAN, NAN),
        (np.array([NAN]), [NAN]),
        (Agreeable(), 3),
        ([Agreeable()], [3]),
        (np.array([Agreeable()]), np.array([3])),
    ],
)
def test_equal_fails_what_is_not(got: object, expected: object) -> None:
    assert fails(lambda: assert_equal(got, expected, what="f(x)")).startswith("f(x) is wrong.\n")


def test_equal_says_both_values() -> None:
    assert fails(lambda: assert_equal("up", "down", what="behaviour(0.1)")) == (
        "behaviour(0.1) is wrong.\nfirst at  got 'up', expected 'down'"
    )


def test_equal_says_long_values_in_short() -> None:
    text = fails(lambda: assert_equal(list(range(100)), [1], what="f(x)"))

    assert text.endswith("30, 31..., expected [1]")
    assert len(text) < 180


def test_equal_keeps_its_values_from_students_of_hidden_checks() -> None:
    failure = recorded(lambda: assert_equal(3, 4, what="f(x)", hint="h")).first_failure.failure

    assert failure.text(with_private=False) == "f(x) is wrong."


# assert_that


@pytest.mark.parametrize("condition", [True, 1, np.True_, [0]])
def test_that_passes_what_holds(condition: object) -> None:
    assert_that(condition, "f(x) should rise.")


@pytest.mark.parametrize("condition", [False, 0, np.False_, None, []])
def test_that_fails_what_does_not(condition: object) -> None:
    assert fails(lambda: assert_that(condition, "f(x) should rise.")) == "f(x) should rise."


def test_that_notes_what_it_shows() -> None:
    (shown,) = recorded(lambda: assert_that(False, "m", shows=X)).observations
    (plain,) = recorded(lambda: assert_that(False, "m")).observations

    assert shown.got is X
    assert plain.got is False


def test_that_of_an_array_is_the_checks_own_mistake() -> None:
    with pytest.raises(ValueError, match="truth value"):
        assert_that(X > 1, "m")


# Bars


@pytest.mark.parametrize(
    ("judge", "got", "holds"),
    [
        *(
            (assert_at_least, got, holds)
            for got, holds in ((0.9, True), (0.91, True), (0.89, False))
        ),
        *(
            (assert_at_most, got, holds)
            for got, holds in ((0.9, True), (0.91, False), (0.89, True))
        ),
        *((judge, NAN, False) for judge in (assert_at_least, assert_at_most)),
        (assert_at_least, INF, True),
        (assert_at_most, INF, False),
    ],
)
def test_bar_is_reached_or_not(judge: Callable[..., None], got: float, holds: bool) -> None:
    recorder = recorded(lambda: judge(got, 0.9, what="accuracy"))

    assert (recorder.first_failure is None) is holds


def test_bar_that_is_missed_is_told_with_both_numbers() -> None:
    assert (
        fails(lambda: assert_at_least(0.51239, 0.9, what="test accuracy", unit="of 1"))
        == "test accuracy: 0.5124 of 1, needed at least 0.9 of 1."
    )
    assert fails(lambda: assert_at_most(3, 2, what="steps")) == "steps: 3, needed at most 2."


@pytest.mark.parametrize(("judge", "is_limit"), [(assert_at_least, False), (assert_at_most, True)])
def test_bar_is_measured_whether_it_is_reached_or_not(
    judge: Callable[..., None], is_limit: bool
) -> None:
    recorder = recorded(lambda: judge(0.5, 0.9, what="accuracy", unit="of 1"))

    assert recorder.measurements == [
        Measurement(name="accuracy", value=0.5, threshold=0.9, is_limit=is_limit, unit="of 1")
    ]


# assert_statistic


def test_statistic_passes_within_the_quantile() -> None:
    """4.89 standard errors belong to a false-fail probability of 1e-6."""
    assert_statistic(4.88, 0.0, standard_error=1.0, what="the mean of f(rng)")
    fails(lambda: assert_statistic(4.90, 0.0, standard_error=1.0, what="the mean of f(rng)"))


def test_statistic_that_is_nan_fails() -> None:
    fails(lambda: assert_statistic(NAN, 0.0, standard_error=1.0, what="the mean"))


@pytest.mark.parametrize("false_fail", [1e-17, 1e-30, 1e-300])
def test_statistic_can_be_as_sure_as_it_likes(false_fail: float) -> None:
    assert_statistic(8.0, 0.0, standard_error=1.0, what="the mean", false_fail=false_fail)


def test_statistic_says_how_often_a_right_answer_fails() -> None:
    text = fails(lambda: assert_statistic(1.0, 0.0, standard_error=0.1, what="the mean of f(rng)"))

    assert text == (
        "the mean of f(rng) is not what it should be.\n"
        "got       1\n"
        "expected  0\n"
        "allowed   0.489 away; a correct answer fails once in 1,000,000"
    )


@pytest.mark.parametrize("false_fail", [1e-2, 5e-2])
def test_statistic_fails_right_answers_as_often_as_it_says(false_fail: float) -> None:
    """20,000 draws; the share is within 4.5 of its own standard errors."""
    draws, count = np.random.default_rng(1).normal(3.0, 0.5, size=20_000), 20_000
    with recording() as recorder:
        for draw in draws:
            assert_statistic(draw, 3.0, standard_error=0.5, what="the mean", false_fail=false_fail)
    share = sum(seen.failure is not None for seen in recorder.observations) / count

    assert abs(share - false_fail) < 4.5 * (false_fail * (1 - false_fail) / count) ** 0.5


def test_statistic_is_measured_without_a_threshold() -> None:
    recorder = recorded(lambda: assert_statistic(1.0, 0.0, standard_error=9.0, what="the mean"))

    assert recorder.measurements == [Measurement(name="the mean", value=1.0)]


# assert_raises


def refuse(error: Exception) -> Callable[..., object]:
    """Return a function that raises."""

    def function(*_args: object) -> object:
        raise error

    return function


@pytest.mark.parametrize("kind", ["ValueError", ("TypeError", "ValueError")])
def test_raises_passes_the_right_exception(kind: str | tuple[str, ...]) -> None:
    assert_raises(submission(f=refuse(ValueError("x"))), "f", 1, kind=kind, what="f(1)")


def test_raises_fails_another_exception() -> None:
    text = fails(
        lambda: assert_raises(
            submission(f=refuse(KeyError("x"))), "f", kind=("TypeError", "ValueError"), what="f(1)"
        )
    )

    assert text == "f(1) should raise TypeError or ValueError.\ngot  KeyError"


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "None (is a return missing?)"), (X, "an array of float64 (3,)"), (1, "an int")],
)
def test_raises_fails_no_exception(value: object, words: str) -> None:
    text = fails(
        lambda: assert_raises(submission(f=lambda: value), "f", kind="ValueError", what="f(1)")
    )

    assert text == f"f(1) should raise ValueError.\ngot  no exception, but {words}"


def test_raises_leaves_what_is_not_written_to_the_engine() -> None:
    with pytest.raises(SubmissionError, match=r"^f is not written yet\.$"):
        assert_raises(
            submission(f=refuse(NotImplementedError())), "f", kind="ValueError", what="f(1)"
        )


def test_raises_names_no_exception_of_the_submissions_own_in_hidden_checks() -> None:
    leak = type("E123456", (Exception,), {})
    program = submission(f=refuse(leak()))

    recorder = recorded(
        lambda: assert_raises(program, "f", kind="ValueError", what="f(x)", hint="Think.")
    )

    failure = recorder.first_failure.failure
    assert failure.text(with_private=False) == "f(x) should raise ValueError."
    assert failure.hint == "Think."


# Hygiene


def in_place(x: np.ndarray) -> np.ndarray:
    """Change the argument."""
    x *= 2
    return x


def deep_in_place(x: list) -> None:
    """Change an array inside of the argument."""
    x[1]["w"][0] = 9.0


def longer(x: list) -> None:
    """Make the argument longer."""
    x.append(1)


def test_unchanged_passes_what_leaves_its_arguments_alone() -> None:
    program = submission(f=lambda x, y: x + y)

    assert_unchanged(program, "f", X, np.array([NAN, 1.0, 2.0]), what="f(x, y)")


@pytest.mark.parametrize(
    ("function", "args", "places"),
    [
        (in_place, (X,), "1"),
        (lambda a, b: in_place(b), (X, X), "2"),
        (lambda a, b: (in_place(a), in_place(b)), (X, X), "1 and 2"),
        (deep_in_place, ([1, {"w": X}],), "1"),
        (longer, ([1, X],), "1"),
        (lambda x: x.update(new=1), ({"w": X},), "1"),
        (lambda x: x.update(w=None), ({"w": X},), "1"),
    ],
)
def test_unchanged_fails_what_does_not(
    function: Callable[..., object], args: tuple[object, ...], places: str
) -> None:
    text = fails(lambda: assert_unchanged(submission(f=function), "f", *args, what="f(x)"))

    assert text == f"f(x) changes its argument {places} in place."


class Silent:
    """A program that does not say what became of the arguments."""

    def __init__(self, after: object) -> None:
        """Keep what it says instead."""
        self.after = after

    def call(self, *_args: object, look: bool) -> object:
        return (X, self.after) if look else X


@pytest.mark.parametrize("after", [None, (), "none", (X, X)])
def test_unchanged_fails_where_the_arguments_did_not_come_back(after: object) -> None:
    from grader.testing.submission import Submission

    program = Submission(Silent(after), {})  # type: ignore[arg-type]  # only `call` is used

    assert "in place" in fails(lambda: assert_unchanged(program, "f", X, what="f(x)"))


@pytest.mark.parametrize(
    "function", [lambda x: x + 0, lambda x: x.copy(), lambda x: (x * 2, [x[1:] + 0]), lambda x: 3.0]
)
def test_not_aliased_passes_what_is_new(function: Callable[..., object]) -> None:
    assert_not_aliased(submission(f=function), "f", X, what="f(x)")


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x,
        lambda x: x[1:],
        lambda x: x.reshape(3, 1),
        lambda x: (1.0, x),
        lambda x: [x + 0, {"w": x}],
    ],
)
def test_not_aliased_fails_what_shares_memory(function: Callable[..., object]) -> None:
    text = fails(lambda: assert_not_aliased(submission(f=function), "f", X, what="f(x)"))

    assert text == "f(x) returns its own argument: changing one changes the other."


def test_not_aliased_asks_for_the_promised_structure() -> None:
    with pytest.raises(SubmissionError, match=r"^f\(\.\.\.\) should be an array, got None"):
        assert_not_aliased(submission({"f": "array"}, f=lambda x: None), "f", X, what="f(x)")


def test_rng_untouched_passes_what_uses_a_generator_of_its_own() -> None:
    program = submission(f=lambda: np.random.default_rng(3).random() + random.Random(3).random())

    assert_rng_untouched(program, "f", what="f(rng)")


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (random.random, "random"),
        (lambda: random.seed(0), "random"),
        (np.random.random, "numpy.random"),
        (lambda: np.random.seed(0), "numpy.random"),  # noqa: NPY002
        (lambda: random.random() + np.random.normal(), "random and numpy.random"),  # noqa: NPY002
    ],
)
def test_rng_untouched_fails_what_uses_the_global_one(
    function: Callable[..., object], names: str
) -> None:
    text = fails(lambda: assert_rng_untouched(submission(f=function), "f", what="f(rng)"))

    assert text == f"f(rng) draws from or reseeds a global random generator ({names})."


# What dlab notes


def test_failed_assertion_does_not_end_a_check_that_dlab_runs() -> None:
    with recording() as recorder:
        assert_equal(1, 2, what="a")
        assert_equal(2, 2, what="b")
        assert_that(False, "c is wrong.")

    assert [(seen.what, seen.failure is None) for seen in recorder.observations] == [
        ("a", False),
        ("b", True),
        ("c is wrong.", False),
    ]
    assert recorder.first_failure.what == "a"


def test_recording_ends_with_its_block() -> None:
    with recording():
        pass

    fails(lambda: assert_equal(1, 2, what="a"))


def test_recordings_do_not_mix() -> None:
    with recording() as outer:
        with recording() as inner:
            assert_equal(1, 1, what="inner")
        assert_equal(1, 1, what="outer")

    assert [seen.what for seen in outer.observations] == ["outer"]
    assert [seen.what for seen in inner.observations] == ["inner"]


def test_nothing_is_measured_without_a_recorder() -> None:
    assert_at_least(1.0, 0.5, what="accuracy")
