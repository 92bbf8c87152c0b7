"""Runs a training check on many programs and seeds: one worker, one start, many trainings."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from grader.course import find_course
from grader.errors import ContentError
from grader.examine import Examiner, Function, attempt
from grader.labs import read_lab
from grader.model import Check, CheckResult, Measurement, Outcome
from grader.plugin import GradingPlugin
from grader.runner import Grader, Options, run_pytest
from grader.sandbox.backend import find_backend
from grader.session import Session, Source

Measured = Mapping[str, Measurement]  # by name; only what was held against a threshold
REFERENCE = "reference"
SECOND = "second solution "  # before its name
MISTAKE = "mistake "
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
    """All known programs of a lab in one worker: reference, second solutions, mistakes."""

    grader: Grader
    session: Session
    done: list[Measured] = field(default_factory=list)

    @property
    def programs(self) -> tuple[str, ...]:
        """Return the programs' names, the reference first."""
        return tuple(self.session.sources)

    def run(
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
        check = next(check for check in self.grader.lab.checks if check.check_id == check_id)
        self.done = []

        def train(check: Check, function: Function, values: Mapping[str, object]) -> CheckResult:
            for measured in self._train(check, function, values, program, seeds):
                self.done.append(measured)
                if self.done == list(reference[:ENOUGH]):
                    self.done = list(reference)
                    break
            return CheckResult(check_id=check.check_id, outcome=Outcome.NOT_RUN)

        plugin = GradingPlugin(
            lab=self.grader.lab,
            checks=(check,),
            examiner=Examiner(self.session, None, (), {}),
            dataset_name=self.grader.dataset,
            device_name=self.grader.options.device,
            observer=lambda _check, _result: None,
            run=train,
        )
        run_pytest(self.grader.course.root, self.grader.check_files((check,)), plugin)
        if plugin.problems:
            raise ContentError("\n".join(plugin.problems))
        return self.done

    def _train(
        self,
        check: Check,
        function: Function,
        values: Mapping[str, object],
        program: str,
        seeds: Sequence[int],
    ) -> Iterator[Measured]:
        for seed in seeds:
            self.session.seed = seed
            fixtures = {key: seed if key == "seed" else value for key, value in values.items()}
            seen = attempt(self.session, program, check, function, fixtures)
            if seen.outcome is Outcome.BROKEN:
                raise ContentError(f"{check.check_id} fails on {program}: {seen.error!r}")
            yield {m.name: m for m in seen.measurements if m.threshold is not None}

    def close(self) -> None:
        """End the worker."""
        self.session.close()
        self.grader.close()


def open_trials(place: Place) -> Trials:
    """Load all known programs of a lab.

    Raises:
        ContentError: If the lab has no solution.
    """
    course = find_course(Path(place.root), place.root)
    lab = read_lab(course, place.lab_id)
    solution = course.reference(lab.lab_id, lab.file)
    if solution is None:
        raise ContentError(f"solutions/{lab.lab_id}/{lab.file} does not exist.")
    options = Options(dataset=place.dataset)
    grader = Grader(course=course, lab=lab, backend=find_backend(place.mode), options=options)
    module, main = Path(lab.file).stem, {lab.file: solution.read_bytes()}
    sources = {REFERENCE: Source(files=main, run=(lab.file,), module=module)}
    folder = course.hidden / lab.lab_id / "second_solutions"
    for path in sorted(folder.glob("*.py")):
        files = {lab.file: path.read_bytes()}
        sources[SECOND + path.stem] = Source(files=files, run=(lab.file,), module=module)
    for mistake in grader.mistakes:
        overlay = f"mistake_{mistake.name}.py"
        sources[MISTAKE + mistake.name] = Source(
            files={**main, overlay: mistake.path.read_bytes()},
            run=(lab.file, overlay),
            module=module,
        )
    session = Session(
        backend=grader.backend, lab=grader.lab, sources=sources, seed=0, is_bounded=False
    )
    return Trials(grader, session)
