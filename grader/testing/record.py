"""What a check has seen: every value it judged, every number it measured, what went wrong first.

While dlab runs a check, a failed assertion is noted and the check goes on, so that all its values
are known: a mistake is recognised by all of them together. Without a recorder, as under plain
pytest, an assertion raises at once.
"""

import contextlib
import math
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field

from grader.model import Measurement
from grader.testing.exhibit import Exhibit, plain_text

MAX_EXHIBITS = 12  # of one check


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One line below a failure's headline; a private one quotes hidden inputs or expectations."""

    label: str
    text: str
    is_private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One assertion that did not hold, in words."""

    headline: str
    facts: tuple[Fact, ...] = ()
    hint: str = ""

    def text(self, *, with_private: bool) -> str:
        """Return the headline and its facts, one a line, aligned."""
        shown = [fact for fact in self.facts if with_private or not fact.is_private]
        width = max((len(fact.label) for fact in shown), default=0)
        return "\n".join([self.headline, *(f"{f.label:<{width}}  {f.text}" for f in shown)])


class CheckFailedError(AssertionError):
    """Raised by an assertion where nobody records."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """A value of the submission that an assertion judged.

    Attributes:
        got: What the submission gave.
        expected: What it was held against, where that is a value.
        sizes: Lengths by name that a wrong factor may come from, such as {"rows of x": 7}.
        failure: None if the assertion held.
    """

    what: str
    got: object
    expected: object = None
    sizes: tuple[tuple[str, int], ...] = ()
    failure: Failure | None = None


@dataclass(slots=True)
class Recorder:
    """Collects while one check runs."""

    observations: list[Observation] = field(default_factory=list)
    measurements: list[Measurement] = field(default_factory=list)
    exhibits: list[Exhibit] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)  # for staff: what could not be shown
    sizes: tuple[tuple[str, int], ...] = ()  # of the arguments of the latest call

    @property
    def first_failure(self) -> Observation | None:
        """Return the first observation that did not hold."""
        return next((seen for seen in self.observations if seen.failure), None)


_current: ContextVar[Recorder | None] = ContextVar("recorder", default=None)


@contextlib.contextmanager
def recording() -> Iterator[Recorder]:
    """Collect observations instead of raising."""
    recorder = Recorder()
    token = _current.set(recorder)
    try:
        yield recorder
    finally:
        _current.reset(token)


def judge(what: str, got: object, failure: Failure | None, *, expected: object = None) -> None:
    """Note a judged value; where nobody records, raise if it failed."""
    recorder = _current.get()
    if recorder is None:
        if failure:
            raise CheckFailedError(failure.text(with_private=True))
        return
    recorder.observations.append(
        Observation(what=what, got=got, expected=expected, sizes=recorder.sizes, failure=failure)
    )


def note_sizes(sizes: tuple[tuple[str, int], ...]) -> None:
    """Remember the lengths of a call's arguments."""
    if recorder := _current.get():
        recorder.sizes = sizes


def measure(
    name: str,
    value: float,
    *,
    threshold: float | None = None,
    is_limit: bool = False,
    unit: str = "",
) -> None:
    """Put a number into the report.

    Args:
        name: What was measured, such as "test accuracy".
        value: The number read off.
        threshold: What it was held against, if anything.
        is_limit: Whether the threshold is the most allowed, not the least.
        unit: Its unit, such as "x the reference's CPU time".
    """
    if recorder := _current.get():
        recorder.measurements.append(
            Measurement(
                name=name,
                value=float(value) if math.isfinite(value) else None,
                threshold=threshold,
                is_limit=is_limit,
                unit=unit,
            )
        )


def note_exhibit(title: str, make: Callable[[], Exhibit]) -> None:
    """Keep something to look at; what cannot be shown is a remark and nothing else.

    Args:
        title: Names it in the remark.
        make: Makes it; may raise anything, as it works on whatever a submission returned.
    """
    recorder = _current.get()
    if recorder is None:
        return
    if len(recorder.exhibits) >= MAX_EXHIBITS:
        recorder.remarks.append(f"more than {MAX_EXHIBITS} figures; the others are not shown")
        return
    try:
        recorder.exhibits.append(make())
    except Exception as error:  # noqa: BLE001  told to staff; to look at is never part of a grade
        name = title if isinstance(title, str) else type(title).__name__
        text = plain_text(f"{name}: {error}", limit=200)
        recorder.remarks.append(f"the figure {text}")
