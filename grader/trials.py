"""Tries all known programs of a lab in one worker: one start, one import of torch, many runs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.course import Course, find_course
from grader.diagnosis.mistake import Answer, Mistake
from grader.errors import ContentError
from grader.examine import Attempt, Examiner, Function, attempt
from grader.labs import read_lab
from grader.model import Check, CheckResult, Lab, Measurement, Outcome
from grader.plugin import GradingPlugin
from grader.programs import MISTAKE, REFERENCE, mistakes_of, reference_of, second_solutions_of
from grader.reach import reachable
from grader.runner import Grader, Options, run_pytest
from grader.sandbox.backend import Backend, find_backend
from grader.session import Session

Measured = Mapping[str, Measurement]  # by name; only what was held against a threshold
Visit = Callable[[Check, Function, Mapping[str, object]], None]
ENOUGH = 2  # runs equal to the reference's, bit for bit: this mistake is not in the training


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a lab is, and on which data and in which sandbox it is tried; travels to processes."""

    root: str
    lab_id: str
    dataset: str
    mode: str


@dataclass(slots=True)
class Trials:
    """All known programs of a lab in one worker: reference, second solutions, mistakes.

    Attributes:
        mistakes: The lab's known mistakes; their programs have MISTAKE before the name.
    """

    grader: Grader
    session: Session
    memory: dict[tuple[str, int, str], Answer] = field(default_factory=dict)

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """Return the lab's known mistakes."""
        return self.grader.mistakes

    @property
    def programs(self) -> tuple[str, ...]:
        """Return the programs' names: the reference, second solutions, mistakes."""
        return tuple(self.session.sources)

    def touches(self, program: str, check: Check) -> bool:
        """Whether a program can differ from the reference in what a check calls."""
        mistake = next((m for m in self.mistakes if MISTAKE + m.name == program), None)
        if mistake is None:
            return True
        (main,) = self.session.sources[REFERENCE].files.values()
        return bool(mistake.functions & reachable(main, check.functions))

    def examiner(self, mistake: Mistake) -> Examiner:
        """Return who examines a mistake as if it were a submission."""
        return Examiner(
            self.session, self.session, self.mistakes, self.memory, program=MISTAKE + mistake.name
        )

    def visit(self, checks: Sequence[Check], visit: Visit) -> list[str]:
        """Call a function with each check, its code and its fixtures.

        Returns:
            What is wrong with the checks: one that does not exist, a file that is not Python.
        """

        def run(check: Check, function: Function, values: Mapping[str, object]) -> CheckResult:
            visit(check, function, values)
            return CheckResult(check_id=check.check_id, outcome=Outcome.NOT_RUN)

        grader = self.grader
        plugin = GradingPlugin(
            lab=grader.lab,
            checks=checks,
            examiner=Examiner(self.session, self.session, (), {}),
            dataset_name=grader.dataset,
            device_name=grader.options.device,
            observer=lambda _check, _result: None,
            run=run,
        )
        run_pytest(grader.course.root, grader.check_files(checks), plugin)
        return plugin.problems

    def attempts(
        self,
        check: Check,
        function: Function,
        values: Mapping[str, object],
        *,
        program: str,
        seeds: Sequence[int],
    ) -> Iterator[Attempt]:
        """Run one check on one program, once for each seed."""
        for seed in seeds:
            self.session.seed = seed
            fixtures = {key: seed if key == "seed" else value for key, value in values.items()}
            yield attempt(self.session, program, check, function, fixtures)

    def measure(
        self,
        check_id: str,
        program: str,
        seeds: Sequence[int],
        *,
        reference: Sequence[Measured] = (),
    ) -> list[Measured]:
        """Run one check on one program; return what it measured, one entry a seed.

        Args:
            check_id: A check whose measurements matter.
            program: One of `programs`.
            seeds: Of the check's randomness.
            reference: What the reference measured; a mistake that begins with the same values
                is not run further.

        Raises:
            ContentError: If the check cannot be run.
        """
        (check,) = (check for check in self.grader.lab.checks if check.check_id == check_id)
        if not self.touches(program, check):
            return list(reference)
        found: list[Measured] = []

        def train(check: Check, function: Function, values: Mapping[str, object]) -> None:
            for seen in self.attempts(check, function, values, program=program, seeds=seeds):
                if seen.outcome is Outcome.BROKEN:
                    raise ContentError(f"{check.check_id} fails on {program}: {seen.error!r}")
                found.append({m.name: m for m in seen.measurements if m.threshold is not None})
                if found == list(reference[:ENOUGH]):
                    found[:] = reference
                    break

        if problems := self.visit([check], train):
            raise ContentError("\n".join(problems))
        return found

    def close(self) -> None:
        """End the worker."""
        self.session.close()
        self.grader.close()


def load_trials(
    course: Course, lab: Lab, backend: Backend, *, seed: int = 0, dataset: str = ""
) -> Trials:
    """Prepare all known programs of a lab; the worker starts with the first run.

    Raises:
        ContentError: If the lab has no solution.
    """
    options = Options(dataset=dataset, seed=seed)
    grader = Grader(course=course, lab=lab, backend=backend, options=options)
    sources = {
        **reference_of(course, lab),
        **second_solutions_of(course, lab),
        **mistakes_of(course, lab, grader.mistakes),
    }
    session = Session(backend=backend, lab=grader.lab, sources=sources, seed=seed, is_bounded=False)
    return Trials(grader, session)


def open_trials(place: Place) -> Trials:
    """Do the same in another process."""
    course = find_course(Path(place.root), place.root)
    lab, backend = read_lab(course, place.lab_id), find_backend(place.mode)
    return load_trials(course, lab, backend, dataset=place.dataset)
