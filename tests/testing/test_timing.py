"""Time is a ratio of CPU seconds, judged in two rounds; the clocks here are made of numbers."""

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from local_program import LocalProgram, text_of

from grader.testing import Submission, assert_time_ratio
from grader.testing.record import CheckFailedError, Recorder, recording
from grader.testing.timing import PAIRS_LONG, PAIRS_SHORT, SHORT_S, agree, nudged

Costs = float | Sequence[float]
X = np.array([1.0, 2.0, 3.0])


def total(x: np.ndarray) -> float:
    """The function that is timed."""
    return float(np.sum(x))


def judge(
    theirs: Costs,
    ours: Costs = 0.01,
    *,
    function: Callable[..., object] = total,
    args: tuple[object, ...] = (X,),
    **options: object,
) -> tuple[Recorder, LocalProgram, LocalProgram]:
    """Judge a function of this cost; at most 3 times the reference's, fails above 4."""
    student = LocalProgram({"f": function}, costs={"f": theirs})
    reference = LocalProgram({"f": total}, costs={"f": ours})
    with recording() as recorder:
        assert_time_ratio(
            Submission(student, {}),
            Submission(reference, {}),
            "f",
            *args,
            at_most=3.0,
            fail_above=4.0,
            what="f(x)",
            **options,  # type: ignore[arg-type]  # by name
        )
    return recorder, student, reference


def passes(recorder: Recorder) -> bool:
    """Whether nothing failed."""
    return recorder.first_failure is None


@pytest.mark.parametrize(("ratio", "holds"), [(0.1, True), (2.9, True), (3.9, True), (4.1, False)])
def test_ratio_decides(ratio: float, holds: bool) -> None:
    assert passes(judge(0.01 * ratio)[0]) is holds


def test_too_slow_is_told_with_its_ratio() -> None:
    with pytest.raises(CheckFailedError) as caught:
        assert_time_ratio(
            Submission(LocalProgram({"f": total}, costs={"f": 0.52}), {}),
            Submission(LocalProgram({"f": total}, costs={"f": 0.01}), {}),
            "f",
            X,
            at_most=3.0,
            fail_above=4.0,
            what="f(x)",
        )

    assert text_of(caught) == (
        "f(x) takes 52.0 times the reference's CPU time.\nallowed  4 times the reference's CPU time"
    )


def test_ratio_is_measured() -> None:
    (measured,) = judge(0.02)[0].measurements

    assert (measured.name, measured.threshold) == ("f(x)", 4.0)
    assert measured.unit == "x the reference's CPU time"
    assert measured.value == pytest.approx(2.0)


def test_fast_enough_is_measured_in_one_round() -> None:
    _, student, reference = judge(0.029)

    assert len(student.seen) == 1 + PAIRS_SHORT
    assert len(reference.seen) == 1 + PAIRS_SHORT


def test_too_slow_is_measured_again_with_twice_as_many_pairs() -> None:
    assert len(judge(0.05)[1].seen) == 1 + 3 * PAIRS_SHORT


def test_long_calls_are_measured_in_fewer_pairs() -> None:
    assert len(judge(2 * SHORT_S, ours=2 * SHORT_S)[1].seen) == 1 + PAIRS_LONG


def test_slow_first_round_is_forgiven() -> None:
    """A loaded machine in the first round only."""
    costs = [0.0, *[0.09] * PAIRS_SHORT, *[0.02] * 2 * PAIRS_SHORT]

    recorder = judge(costs)[0]

    assert passes(recorder)
    assert recorder.measurements[0].value == pytest.approx(2.0)


def test_first_call_pays_for_itself() -> None:
    assert passes(judge([9.0, *[0.01] * PAIRS_SHORT])[0])


def test_one_slow_call_does_not_decide() -> None:
    assert passes(judge([0.0, 9.0, 9.0, *[0.01] * (PAIRS_SHORT - 2)])[0])


def test_reference_that_costs_nothing_measurable_does_not_divide_by_zero() -> None:
    assert not passes(judge(0.01, ours=0.0)[0])


@pytest.mark.parametrize("function", [lambda x: 0.0, lambda x: x, lambda x: None, lambda x: "6"])
def test_fast_but_wrong_fails(function: Callable[..., object]) -> None:
    failure = judge(0.001, function=function)[0].first_failure.failure

    assert (
        failure.headline
        == f"f(x) gives a wrong answer in {PAIRS_SHORT} of the calls that are timed."
    )


def test_wrong_from_the_second_call_on_fails() -> None:
    calls: list[int] = []

    def tired(x: np.ndarray) -> float:
        calls.append(1)
        return total(x) if len(calls) < 3 else 0.0

    assert not passes(judge(0.001, function=tired)[0])


def test_remembered_answers_are_of_no_use() -> None:
    """In both rounds together, no two calls have the same arguments."""
    _, student, _ = judge(0.05)
    seen = [args[0].tobytes() for _, args in student.seen]

    assert len(set(seen)) == len(seen)


def test_both_get_the_same_arguments_in_a_pair() -> None:
    _, student, reference = judge(0.02)

    assert [args[0].tolist() for _, args in student.seen[1:]] == [
        args[0].tolist() for _, args in reference.seen[1:]
    ]


def test_order_within_a_pair_alternates() -> None:
    order: list[str] = []
    student = LocalProgram({"f": lambda x: order.append("student") or total(x)})
    reference = LocalProgram({"f": lambda x: order.append("reference") or total(x)})
    with recording():
        assert_time_ratio(
            Submission(student, {}),
            Submission(reference, {}),
            "f",
            X,
            at_most=3.0,
            fail_above=4.0,
            what="f(x)",
        )
    pairs = list(zip(order[2::2], order[3::2], strict=True))

    assert set(pairs) == {("student", "reference"), ("reference", "student")}


def test_own_verification_is_asked() -> None:
    def near(got: float, wanted: float, x: np.ndarray) -> bool:
        return abs(got - wanted) < 10 and x.shape == (3,)

    assert passes(judge(0.001, function=lambda x: 7.0, verify=near)[0])


@pytest.mark.parametrize(
    ("got", "wanted", "holds"),
    [
        (1.0, 1.0 + 1e-7, True),
        (1.0, 1.001, False),
        (X, X.copy(), True),
        (X, X[:2], False),
        ((X, 1), [X, 1], True),
        ((X, 1), [X, 1, 2], False),
        ({"w": X}, {"w": X}, True),
        ({"w": X}, {"v": X}, False),
        (float("nan"), 1.0, False),
        (None, X, False),
        ("a", X, False),
        ([1, "a"], [1, 2.0], False),
        ("text", "text", True),
        (None, None, True),
    ],
)
def test_results_agree_or_not(got: object, wanted: object, holds: bool) -> None:
    assert agree(got, wanted) is holds


@pytest.mark.parametrize("dtype", ["float64", "float32", "float16"])
def test_arrays_of_floats_are_nudged_in_their_own_precision(dtype: str) -> None:
    x = np.ones(3, dtype=dtype)
    moved = nudged(x, 20, 1)

    assert moved.dtype == x.dtype
    assert not np.array_equal(moved, x)
    assert np.array_equal(x, np.ones(3))


def test_arrays_inside_of_arguments_are_nudged() -> None:
    moved = nudged(({"w": X}, [X]), 20, 1)

    assert not np.array_equal(moved[0]["w"], X)
    assert not np.array_equal(moved[1][0], X)


@pytest.mark.parametrize("arg", [3, "text", None, 0.5, np.arange(3), np.array([True])])
def test_other_arguments_are_left_alone(arg: object) -> None:
    assert nudged(arg, 20, 1) is arg
