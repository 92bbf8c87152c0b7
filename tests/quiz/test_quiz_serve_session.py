"""Deadlines and phases: pure functions of a clock."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.quiz.serve.session import (
    ACCOMMODATIONS,
    GRACE_S,
    Phase,
    Sitting,
    Terms,
    deadline,
    due_at,
    ended_at,
    find_phase,
    late_s,
    seconds_left,
)

TERMS = Terms(limit_s=600)
BEGUN = Sitting(started_at=1000)


@pytest.mark.parametrize("factor", ACCOMMODATIONS)
def test_deadline_is_limit_times_accommodation_and_the_grace(factor: float) -> None:
    sitting = Sitting(accommodation=factor, started_at=1000)

    assert due_at(TERMS, sitting) == 1000 + 600 * factor
    assert deadline(TERMS, sitting) == 1000 + 600 * factor + 15


@pytest.mark.parametrize(
    ("after_s", "phase"),
    [(0, Phase.RUNNING), (600, Phase.RUNNING), (615, Phase.RUNNING), (615.001, Phase.OVER)],
)
def test_answers_are_taken_until_the_deadline(after_s: float, phase: Phase) -> None:
    assert find_phase(TERMS, BEGUN, 1000 + after_s) is phase


@pytest.mark.parametrize(
    ("terms", "now", "phase"),
    [
        (Terms(opens_at=500), 499.9, Phase.WAITING),
        (Terms(opens_at=500), 500, Phase.READY),
        (Terms(begin_by=500), 500, Phase.READY),
        (Terms(begin_by=500), 500.1, Phase.CLOSED),
        (Terms(closed_at=400), 500, Phase.CLOSED),
        (Terms(), 0, Phase.READY),
    ],
)
def test_who_has_not_begun_waits_begins_or_is_too_late(
    terms: Terms, now: float, phase: Phase
) -> None:
    assert find_phase(terms, Sitting(), now) is phase


def test_who_has_begun_keeps_the_full_time_after_the_last_moment_to_begin() -> None:
    terms = Terms(limit_s=600, begin_by=1001)

    assert find_phase(terms, BEGUN, 1500) is Phase.RUNNING


def test_closing_ends_it_for_all_but_what_was_submitted_stays_submitted() -> None:
    closed = Terms(limit_s=600, closed_at=1100)

    assert find_phase(closed, BEGUN, 1101) is Phase.CLOSED
    assert find_phase(closed, Sitting(started_at=1000, submitted_at=1050), 1101) is Phase.SUBMITTED
    assert ended_at(closed, BEGUN, 1101) == 1100
    assert late_s(closed, BEGUN, 1160) == 60


def test_without_a_limit_time_never_ends() -> None:
    assert find_phase(Terms(), BEGUN, 1e12) is Phase.RUNNING
    assert math.isinf(seconds_left(Terms(), BEGUN, 1e12))
    assert ended_at(Terms(), BEGUN, 1e12) == 0


def test_extension_revives_who_was_out_of_time() -> None:
    assert find_phase(TERMS, BEGUN, 1700) is Phase.OVER
    assert find_phase(Terms(limit_s=900), BEGUN, 1700) is Phase.RUNNING


@given(
    start=st.floats(1, 1e10),
    limit=st.floats(1, 36000),
    factor=st.sampled_from(ACCOMMODATIONS),
    after=st.floats(0, 1e6),
)
def test_late_over_and_left_agree(start: float, limit: float, factor: float, after: float) -> None:
    """The three ways to ask for the time never contradict each other."""
    terms, sitting = Terms(limit_s=limit), Sitting(accommodation=factor, started_at=start)
    now = start + after

    is_over = find_phase(terms, sitting, now) is Phase.OVER

    assert is_over == (late_s(terms, sitting, now) > 0)
    assert is_over == (ended_at(terms, sitting, now) > 0)
    if seconds_left(terms, sitting, now) > 0:
        assert not is_over
    assert deadline(terms, sitting) - due_at(terms, sitting) == pytest.approx(GRACE_S, abs=1e-4)
