"""Runs one check on one submission and explains the outcome."""

import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from grader.diagnosis.mistake import Answer, Mistake, recognise
from grader.diagnosis.transform import find_transform
from grader.errors import (
    SandboxError,
    SubmissionError,
    WorkerProtocolError,
    WorkerTimeoutError,
)
from grader.model import Check, CheckResult, Diagnosis, Kind, Measurement, Outcome, Visibility
from grader.programs import MISTAKE, REFERENCE
from grader.session import Session, SessionProgram
from grader.testing.exhibit import Exhibition
from grader.testing.record import Observation, recording
from grader.testing.submission import Submission
from grader.text import clean

Function = Callable[..., object]
FROM_OUTSIDE = ("ModuleNotFoundError", "ImportError", "OSError")
SLOW = (Kind.TRAINING, Kind.TIME)  # only the mistakes that name such a check are tried on it


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """What happened when a check ran on one program."""

    observations: tuple[Observation, ...]
    measurements: tuple[Measurement, ...]
    error: Exception | None
    cpu_s: float
    wall_s: float
    exhibition: Exhibition

    @property
    def answer(self) -> Answer:
        """Return what recognising a mistake needs."""
        error = None
        if isinstance(self.error, SubmissionError):
            error = (self.error.kind, str(self.error))
        elif self.error is not None:
            error = (type(self.error).__name__, "")
        return Answer(observations=self.observations, error=error)

    @property
    def outcome(self) -> Outcome:
        """Classify; the check's own exception is BROKEN until the reference says otherwise."""
        if any(seen.failure for seen in self.observations):
            return Outcome.FAILED
        kinds: tuple[tuple[type[Exception], Outcome], ...] = (
            (WorkerTimeoutError, Outcome.TIMED_OUT),
            (SubmissionError, Outcome.ERRORED),
            (SandboxError, Outcome.ERRORED),
            (AssertionError, Outcome.FAILED),
        )
        if self.error is None:
            return Outcome.PASSED if self.observations else Outcome.BROKEN
        if type(self.error) is SandboxError:  # the sandbox did not start: never the student's fault
            return Outcome.BROKEN
        return next((out for kind, out in kinds if isinstance(self.error, kind)), Outcome.BROKEN)


def attempt(
    session: Session,
    name: str,
    check: Check,
    function: Function,
    values: Mapping[str, object],
    *,
    run: str = "",
) -> Attempt:
    """Run a check's function on one program of a session.

    Args:
        session: Where the program lives.
        name: The program's name in the session.
        check: The rubric line; seeds the check's generator.
        function: The check.
        values: Its other fixtures.
        run: Another name, other randomness.
    """
    key = check.check_id + run
    rng = np.random.default_rng([session.seed, crc32(key.encode())])
    proxy = Submission(SessionProgram(session, name), session.lab.functions)
    replaced = {"submission": proxy, "rng": rng}
    args = {key: replaced.get(key, value) for key, value in values.items()}
    error: Exception | None = None
    session.begin_check(key)
    started, cpu_started = time.monotonic(), session.cpu_seconds()
    with recording() as recorder:
        try:
            function(**args)
        except Exception as caught:  # noqa: BLE001  classified in Attempt.outcome; never swallowed
            error = caught
    session.end_check()
    return Attempt(
        observations=tuple(recorder.observations),
        measurements=tuple(recorder.measurements),
        error=error,
        cpu_s=max(session.cpu_seconds() - cpu_started, 0.0),
        wall_s=time.monotonic() - started,
        exhibition=Exhibition(exhibits=tuple(recorder.exhibits), remarks=tuple(recorder.remarks)),
    )


@dataclass(slots=True)
class Examiner:
    """Examines one submission, check by check.

    Attributes:
        session: The submission's worker.
        staff: A session with the reference and the known mistakes; None on a student's machine.
        mistakes: The lab's known mistakes.
        memory: Answers of the mistakes, kept over submissions: they depend on the seed alone.
        recorded: Such answers by check, where this machine has no mistakes to ask.
        program: Its name in the session.
        is_patient: Whether a bar that was missed in training is tried once more.
    """

    session: Session
    staff: Session | None
    mistakes: Sequence[Mistake]
    memory: dict[tuple[str, int, str], Answer]
    recorded: Mapping[str, Sequence[tuple[Mistake, Answer]]] = field(default_factory=dict)
    program: str = "submission"
    is_patient: bool = True
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    exhibitions: dict[str, Exhibition] = field(default_factory=dict)

    def examine(
        self, check: Check, function: Function, values: Mapping[str, object]
    ) -> CheckResult:
        """Run a check and return its result."""
        lacking = [
            need
            for need in check.needs
            if self.outcomes.get(need, Outcome.PASSED) is not Outcome.PASSED
        ]
        if lacking:
            message = f"Not run: it needs {' and '.join(lacking)}, which did not pass."
            return self._result(check, Outcome.SKIPPED, message=message)
        seen = attempt(self.session, self.program, check, function, values)
        if self.program.startswith(MISTAKE):  # what it answers is known now
            name = self.program.removeprefix(MISTAKE)
            self.memory[check.check_id, self.session.seed, name] = seen.answer
        if seen.outcome is Outcome.FAILED and check.kind is Kind.TRAINING and self.is_patient:
            seen = self._try_again(check, function, values, seen)
        self.exhibitions[check.check_id] = seen.exhibition
        outcome = seen.outcome
        if outcome is Outcome.BROKEN or _may_be_our_fault(seen.error):
            outcome = self._whose_fault(check, function, values)
        return self._explain(check, function, values, seen, outcome)

    def _try_again(
        self, check: Check, function: Function, values: Mapping[str, object], first: Attempt
    ) -> Attempt:
        """Train once more with other randomness: bad luck does not come twice."""
        again = attempt(self.session, self.program, check, function, values, run=" (second run)")
        if again.outcome is not Outcome.PASSED:
            return first
        missed = ", ".join(f"{m.name} {m.value}" for m in first.measurements)
        self.session.remarks.append(f"{check.check_id}: {missed}; reached in a second run")
        return again

    def _whose_fault(
        self, check: Check, function: Function, values: Mapping[str, object]
    ) -> Outcome:
        """Ask the reference: where it passes, what the submission returned was unusable."""
        if self.staff is None:
            return Outcome.ERRORED  # the author's machine proved the check with the reference
        again = attempt(self.staff, REFERENCE, check, function, values)
        return Outcome.ERRORED if again.outcome is Outcome.PASSED else Outcome.BROKEN

    def _explain(
        self,
        check: Check,
        function: Function,
        values: Mapping[str, object],
        seen: Attempt,
        outcome: Outcome,
    ) -> CheckResult:
        diagnosis = None
        if outcome in (Outcome.FAILED, Outcome.ERRORED):
            diagnosis = self._try_to_diagnose(check, function, values, seen)
        failed = next((entry for entry in seen.observations if entry.failure), None)
        specific = failed.failure.hint if failed and failed.failure else ""
        general = check.hints[0] if check.hints and outcome is Outcome.FAILED else ""
        hint = (diagnosis.hint if diagnosis else "") or specific or general
        return self._result(
            check,
            outcome,
            message=describe(seen, outcome, with_private=check.visibility is Visibility.PUBLIC),
            staff_message=describe(seen, outcome, with_private=True, for_staff=True),
            diagnosis=diagnosis,
            hint=hint if outcome is not Outcome.PASSED else "",
            measured=seen.measurements,
            cpu_s=seen.cpu_s,
            wall_s=seen.wall_s,
        )

    def _result(self, check: Check, outcome: Outcome, **known: object) -> CheckResult:
        self.outcomes[check.check_id] = outcome
        lecture = check.lecture if outcome is not Outcome.PASSED else ""
        return CheckResult(
            check_id=check.check_id,
            title=check.title,
            visibility=check.visibility,
            outcome=outcome,
            points=check.points if outcome is Outcome.PASSED else 0,
            max_points=check.points,
            lecture=lecture,
            **{key: clean(text) if isinstance(text, str) else text for key, text in known.items()},  # type: ignore[arg-type]  # fields of CheckResult, each given by name above
        )

    def _try_to_diagnose(
        self, check: Check, function: Function, values: Mapping[str, object], seen: Attempt
    ) -> Diagnosis | None:
        """Diagnose; what only explains a grade must never cost one."""
        try:
            return self._diagnose(check, function, values, seen)
        except Exception as error:  # noqa: BLE001  told to staff
            self.session.remarks.append(f"no diagnosis of {check.check_id}: {error!r}"[:500])
            return None

    def _diagnose(
        self, check: Check, function: Function, values: Mapping[str, object], seen: Attempt
    ) -> Diagnosis | None:
        """Name a known mistake, else a generic transform."""
        if check.kind is Kind.TIME or _tells_nothing(seen):
            return None
        known = self._known_answers(check, function, values)
        if found := recognise(check.check_id, seen.answer, known):
            return found
        failed = next((entry for entry in seen.observations if entry.failure), None)
        return find_transform(failed.got, failed.expected, failed.sizes) if failed else None

    def _known_answers(
        self, check: Check, function: Function, values: Mapping[str, object]
    ) -> Sequence[tuple[Mistake, Answer]]:
        """Return what the known mistakes answer in this check, on the same inputs."""
        staff = self.staff
        if staff is None:
            return self.recorded.get(check.check_id, ())
        known = []
        for mistake in self.mistakes:
            if self._is_candidate(mistake, check):
                key = (check.check_id, self.session.seed, mistake.name)
                if key not in self.memory:
                    seen = attempt(staff, MISTAKE + mistake.name, check, function, values)
                    self.memory[key] = seen.answer
                known.append((mistake, self.memory[key]))
        return known

    def record(self, check: Check, function: Function, values: Mapping[str, object]) -> CheckResult:
        """Ask the mistakes instead of the submission; their answers stay in `memory`."""
        self._known_answers(check, function, values)
        return self._result(check, Outcome.NOT_RUN)

    @staticmethod
    def _is_candidate(mistake: Mistake, check: Check) -> bool:
        if check.check_id in mistake.caught_by:
            return True
        return check.kind not in SLOW and bool(mistake.functions & set(check.functions))


def _may_be_our_fault(error: Exception | None) -> bool:
    """Whether an error may come from the machine: a package that is not there, no memory left."""
    return isinstance(error, SubmissionError) and error.kind in FROM_OUTSIDE


def _tells_nothing(seen: Attempt) -> bool:
    """Whether there is nothing to compare: no values, and no exception of the student's code."""
    error = seen.error
    if isinstance(error, SubmissionError):
        return error.is_loading or error.kind == "NotImplementedError"
    return error is not None and not seen.observations


def describe(
    seen: Attempt, outcome: Outcome, *, with_private: bool, for_staff: bool = False
) -> str:
    """Put what happened into words.

    Args:
        seen: What the check saw.
        outcome: How it ended.
        with_private: Whether inputs, expected values and messages of exceptions may be quoted.
        for_staff: Whether a crash of the check itself is quoted.
    """
    if outcome is Outcome.PASSED:
        return ""
    failed = next((entry.failure for entry in seen.observations if entry.failure), None)
    if failed:
        return failed.text(with_private=with_private)
    if outcome is Outcome.BROKEN:
        text = "".join(traceback.format_exception(seen.error)) if for_staff else ""
        return f"The check itself failed; this is not your fault. Staff are told.\n{text}".strip()
    return _describe_error(seen.error, with_private=with_private)


def _describe_error(error: Exception | None, *, with_private: bool) -> str:
    if isinstance(error, WorkerTimeoutError):
        return f"Your code did not finish: it {error}."
    if isinstance(error, WorkerProtocolError):
        return "Your code broke the connection to the grader; nothing it sends there is believed."
    if type(error) is SandboxError:
        return f"The sandbox failed; this is not your fault: {error}."
    if isinstance(error, SandboxError):
        return f"Your code ended the process it ran in: {error}."
    if isinstance(error, SubmissionError):
        text = str(error) if with_private or error.is_loading else error.public
        return "\n".join([text, *error.trace])
    if isinstance(error, AssertionError):
        return str(error).partition("\n")[0] if with_private else "An assertion did not hold."
    return "The submission returned something this check cannot use."
