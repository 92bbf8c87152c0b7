"""Who may do what, and until when. Pure functions: the time is an argument."""

import enum
import math
from dataclasses import dataclass

GRACE_S = 15.0  # a slow connection costs nobody an answer
ACCOMMODATIONS = (1.0, 1.25, 1.33, 1.5, 2.0)


class Phase(enum.Enum):
    """Where a student stands."""

    WAITING = "waiting"  # the test is not open yet
    READY = "ready"  # may begin
    RUNNING = "running"  # answers are taken
    SUBMITTED = "submitted"
    OVER = "over"  # time is up; what was saved counts
    CLOSED = "closed"  # the lecturer has ended the test, or it is too late to begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When the test is open, for all. Times are seconds since 1970; 0 stands for none.

    Attributes:
        limit_s: Time limit without an accommodation.
        opens_at: Nobody begins earlier.
        begin_by: Nobody begins later; who has begun keeps the full time.
        closed_at: When the lecturer ended the test.
    """

    limit_s: float = 0.0
    opens_at: float = 0.0
    begin_by: float = 0.0
    closed_at: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One student's test. Times are seconds since 1970; 0 stands for not yet.

    Attributes:
        accommodation: Factor on the time limit.
    """

    accommodation: float = 1.0
    started_at: float = 0.0
    submitted_at: float = 0.0


def due_at(terms: Terms, sitting: Sitting) -> float:
    """Return when the time is up, as the student is told; infinite without a limit."""
    if not sitting.started_at or not terms.limit_s:
        return math.inf
    return sitting.started_at + terms.limit_s * sitting.accommodation


def deadline(terms: Terms, sitting: Sitting) -> float:
    """Return until when answers are taken: some seconds longer than the student is told."""
    return due_at(terms, sitting) + GRACE_S


def find_phase(terms: Terms, sitting: Sitting, now: float) -> Phase:
    """Return where a student stands at a moment."""
    if sitting.submitted_at:
        return Phase.SUBMITTED
    if terms.closed_at:
        return Phase.CLOSED
    if sitting.started_at:
        return Phase.RUNNING if now <= deadline(terms, sitting) else Phase.OVER
    if now < terms.opens_at:
        return Phase.WAITING
    return Phase.CLOSED if terms.begin_by and now > terms.begin_by else Phase.READY


def ended_at(terms: Terms, sitting: Sitting, now: float) -> float:
    """Return when a sitting ended: submitted, out of time or closed; 0 while it runs."""
    if not sitting.started_at or find_phase(terms, sitting, now) is Phase.RUNNING:
        return 0.0
    if sitting.submitted_at:
        return sitting.submitted_at
    return min(deadline(terms, sitting), terms.closed_at or math.inf)


def late_s(terms: Terms, sitting: Sitting, now: float) -> float:
    """Return by how many seconds something comes after the end; 0 if in time."""
    return max(0.0, now - min(deadline(terms, sitting), terms.closed_at or math.inf))


def seconds_left(terms: Terms, sitting: Sitting, now: float) -> float:
    """Return the time left as the student is told; infinite without a limit."""
    return max(0.0, due_at(terms, sitting) - now)
