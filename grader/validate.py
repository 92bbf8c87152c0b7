"""Proves a lab: right answers get all points, wrong ones lose them, and each mistake is named."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median

from grader.course import Course, find_course
from grader.diagnosis.mistake import Mistake
from grader.diagnosis.recording import FILE_NAME as RECORDING
from grader.diagnosis.recording import read_recording, write_recording
from grader.errors import RequestError
from grader.examine import Function
from grader.handin import Handin
from grader.labs import public_version, read_lab
from grader.model import Check, CheckResult, Kind, Lab, Outcome, Report
from grader.pool import start_pool
from grader.programs import MISTAKE, SECOND
from grader.proof import Cost, Finding, Plan, Proof
from grader.runner import Grader, Options
from grader.sandbox.backend import Backend, find_backend
from grader.trials import Trials, Visit, load_trials


@dataclass(slots=True)
class Validator:
    """Validates one lab."""

    course: Course
    lab: Lab
    backend: Backend
    plan: Plan
    progress: Callable[[str], None]
    proof: Proof = field(default_factory=Proof)
    graders: dict[tuple[int, int], Grader] = field(default_factory=dict)
    trials: Trials = field(init=False)  # all known programs in one worker; loaded by run()

    def run(self) -> Proof:
        """Check every promise.

        Raises:
            ContentError: If the lab has no reference or its files break a rule.
            RequestError: If nothing has the plan's words in its name.
        """
        self.trials = load_trials(self.course, self.lab, self.backend, seed=self.plan.seeds[0])
        of_all = (self._prove_rubric, self._prove_unwritten, self._prove_recording)
        of_some = (
            self._prove_reference,
            self._prove_second_solutions,
            self._prove_values,
            self._prove_mistakes,
        )
        steps = of_some if self.plan.only else (*of_all, *of_some)
        try:
            for step in steps:
                self.proof.findings += step()
        finally:
            self.trials.close()
            for grader in self.graders.values():
                grader.close()
        if not self.proof.findings:
            words = " or ".join(f"'{word}'" for word in self.plan.only)
            raise RequestError(f"Nothing of {self.lab.short_id} has {words} in its name.")
        return self.proof

    # What is graded

    def _grader(self, seed: int, *, threads: int = 1) -> Grader:
        key = (seed, threads)
        if key not in self.graders:
            options = Options(seed=seed, threads=threads)
            self.graders[key] = Grader(
                course=self.course, lab=self.lab, backend=self.backend, options=options
            )
        return self.graders[key]

    def _grade(
        self,
        subject: str,
        content: Mapping[str, bytes],
        *,
        seed: int,
        threads: int = 1,
        checks: Sequence[Check] | None = None,
    ) -> Report:
        self.progress(f"{subject}, seed {seed}")
        grader = self._grader(seed, threads=threads)
        return grader.grade(Handin(student=subject, files=content), checks=checks)

    def _is_wanted(self, *names: str) -> bool:
        return not self.plan.only or any(word in name for word in self.plan.only for name in names)

    def _wanted_checks(self, program: str) -> tuple[Check, ...]:
        """Return what a program is graded on: all if the plan names it, else what it names."""
        if self._is_wanted(program):
            return self.lab.checks
        return self._closed({c.check_id for c in self.lab.checks if self._is_wanted(c.check_id)})

    def _closed(self, check_ids: Collection[str]) -> tuple[Check, ...]:
        """Return these checks and what they need, in the rubric's order."""
        wanted = set(check_ids)
        for check in reversed(self.lab.checks):  # needs stand earlier
            if check.check_id in wanted:
                wanted |= set(check.needs)
        return tuple(check for check in self.lab.checks if check.check_id in wanted)

    def _reference_files(self) -> dict[str, bytes]:
        path = self.course.solutions / self.lab.lab_id / self.lab.file
        return {self.lab.file: path.read_bytes()}

    @property
    def _time_checks(self) -> set[tuple[str, ...]]:
        return {(check.check_id,) for check in self.lab.checks if check.kind is Kind.TIME}

    # The promises

    def _prove_rubric(self) -> Iterator[Finding]:
        """Every mistake names checks that exist; every value check is named by a mistake."""
        known = {check.check_id for check in self.lab.checks}
        named: set[str] = set()
        for mistake in self.trials.mistakes:
            unknown = [check_id for check_id in mistake.caught_by if check_id not in known]
            words = f"CAUGHT_BY names {', '.join(unknown)}, not in lab.toml" if unknown else ""
            yield Finding(
                subject=f"mistake {mistake.name}",
                promise="names checks of the rubric",
                broken=words or ("" if mistake.caught_by else "CAUGHT_BY is empty"),
            )
            named |= set(mistake.caught_by)
        for check in self.lab.checks:
            lonely = check.kind is Kind.VALUE and check.check_id not in named
            yield Finding(
                subject=f"check {check.check_id}",
                promise="is named by a mistake",
                broken="no mistake says that this check catches it" if lonely else "",
            )

    def _prove_reference(self) -> Iterator[Finding]:
        """The reference gets all points at every seed and thread count, well within its limits."""
        costs: dict[str, list[float]] = {}
        checks = self._wanted_checks("reference")
        if not checks:
            return
        for threads in self.plan.threads:
            for seed in self.plan.seeds if threads == 1 else self.plan.seeds[:1]:
                report = self._grade(
                    "reference",
                    self._reference_files(),
                    seed=seed,
                    threads=threads,
                    checks=checks,
                )
                yield _full(f"reference, seed {seed}, {threads} threads", report)
                if threads == 1:
                    for check in report.checks:
                        costs.setdefault(check.check_id, []).append(check.cpu_s)
        limit = self.lab.limits.check_cpu_s
        for check_id, seconds in costs.items():
            cost = Cost(
                check_id=check_id,
                cpu_s=median(seconds),
                share_of_limit=median(seconds) / limit,
            )
            self.proof.costs.append(cost)
            words = f"uses {cost.share_of_limit:.0%} of {limit:g} CPU seconds"
            yield Finding(
                subject=f"check {check_id}",
                promise="uses under a third of its limit",
                broken=words if cost.share_of_limit > 1 / 3 else "",
            )

    def _prove_values(self) -> Iterator[Finding]:
        """No value check fails a correct program at any of many seeds."""
        seeds = self.plan.value_seeds
        correct = [name for name in self.trials.programs if not name.startswith(MISTAKE)]
        checks = {name: self._values_of(name.removeprefix(SECOND)) for name in correct}
        failures: dict[str, dict[str, list[int]]] = {name: {} for name in correct if checks[name]}

        def visit(check: Check, function: Function, values: Mapping[str, object]) -> None:
            for name in (name for name in failures if check in checks[name]):
                self.progress(f"{check.check_id}: {name}, {len(seeds)} seeds")
                attempts = self.trials.attempts(check, function, values, program=name, seeds=seeds)
                for seed, seen in zip(seeds, attempts, strict=True):
                    if seen.outcome is not Outcome.PASSED:
                        failures[name].setdefault(check.check_id, []).append(seed)

        if not seeds:
            return
        yield from self._visit({check for some in checks.values() for check in some}, visit)
        for name, failed in failures.items():
            yield Finding(
                subject=name,
                promise=f"no false failure of {len(checks[name])} value checks "
                f"at {len(seeds)} seeds",
                broken="; ".join(f"{key} at seeds {found[:5]}" for key, found in failed.items()),
            )

    def _visit(self, checks: Collection[Check], visit: Visit) -> Iterator[Finding]:
        """Visit checks; what cannot be run is a finding."""
        in_order = [check for check in self.lab.checks if check in checks]
        for problem in self.trials.visit(in_order, visit):
            yield Finding(subject="checks", promise="can be run", broken=problem)

    def _values_of(self, program: str) -> tuple[Check, ...]:
        return tuple(c for c in self._wanted_checks(program) if c.kind is Kind.VALUE)

    def _prove_unwritten(self) -> Iterator[Finding]:
        """The stub and an empty file earn nothing."""
        stub = self.lab.folder / self.lab.file
        for subject, content in (("stub", stub.read_bytes()), ("empty file", b"")):
            report = self._grade(subject, {self.lab.file: content}, seed=self.plan.seeds[0])
            points = report.score.points if report.score else None
            passed = [c.check_id for c in report.checks if c.outcome is Outcome.PASSED]
            words = "" if points == 0 else f"earns {points} points: {', '.join(passed)}"
            yield Finding(subject=subject, promise="earns 0 points", broken=words)

    def _prove_second_solutions(self) -> Iterator[Finding]:
        """Correct solutions in other styles get all points too."""
        folder = self.course.hidden / self.lab.lab_id / "second_solutions"
        paths = sorted(folder.glob("*.py"))
        words = "" if len(paths) >= MIN_SECOND_SOLUTIONS else f"there are {len(paths)}"
        if not self.plan.only:
            yield Finding(
                subject="second solutions",
                promise=f"there are at least {MIN_SECOND_SOLUTIONS}",
                broken=words,
            )
        for path in paths:
            checks = self._wanted_checks(path.stem)
            if not checks:
                continue
            files = {self.lab.file: path.read_bytes()}
            for seed in self.plan.seeds[:2]:
                report = self._grade(
                    f"second solution {path.stem}", files, seed=seed, checks=checks
                )
                yield _full(f"second solution {path.stem}, seed {seed}", report)

    def _prove_mistakes(self) -> Iterator[Finding]:
        """Each mistake is caught by every check that says so, and named by the first."""
        self.trials.session.seed = self.plan.seeds[0]
        mistakes = [m for m in self.trials.mistakes if self._is_wanted(m.name, *m.caught_by)]
        checks = {m.name: self._closed(m.caught_by) for m in mistakes}
        examiners = {m.name: self.trials.examiner(m) for m in mistakes}
        results: dict[str, dict[str, CheckResult]] = {m.name: {} for m in mistakes}

        def visit(check: Check, function: Function, values: Mapping[str, object]) -> None:
            for name, examiner in examiners.items():
                if check in checks[name]:
                    self.progress(f"{check.check_id}: mistake {name}")
                    results[name][check.check_id] = examiner.examine(check, function, values)

        yield from self._visit({check for some in checks.values() for check in some}, visit)
        for mistake in mistakes:
            yield from self._judge(mistake, results[mistake.name])

    def _judge(self, mistake: Mistake, results: Mapping[str, CheckResult]) -> Iterator[Finding]:
        subject = f"mistake {mistake.name}"
        error = self.trials.session.load_error(MISTAKE + mistake.name)
        yield Finding(subject=subject, promise="loads", broken=error)
        for check_id in mistake.caught_by:
            result = results.get(check_id)
            caught = result is not None and result.outcome in CAUGHT
            words = (
                "" if caught else f"{check_id} is {result.outcome.value if result else 'absent'}"
            )
            yield Finding(subject=subject, promise=f"is caught by {check_id}", broken=words)
        first = mistake.caught_by[:1]
        if first in self._time_checks:
            return  # a ratio says how slow a program is, not why
        named = _named(results.get(first[0]) if first else None)
        self.proof.caught[mistake.name] = (first[0] if first else "", named)
        by = first[0] if first else "no check"
        words = "" if named == mistake.name else f"{by} names it {named or 'nothing'}"
        yield Finding(subject=subject, promise="is named", broken=words)

    def _prove_recording(self) -> Iterator[Finding]:
        """What students' machines know of the mistakes is up to date."""
        recording = read_recording(self.lab.folder / RECORDING)
        version = recording.version if recording else ""
        is_new = version == public_version(self.course, self.lab)
        words = "it is out of date" if recording else "there is none"
        yield Finding(
            subject=RECORDING,
            promise="is up to date",
            broken="" if is_new else f"{words}; `dlab validate --record` writes it",
        )


MIN_SECOND_SOLUTIONS = 3
CAUGHT = (Outcome.FAILED, Outcome.ERRORED, Outcome.TIMED_OUT)
RECORDING_SEED = 0  # of `dlab check`


def _named(result: CheckResult | None) -> str:
    return result.diagnosis.mistake if result and result.diagnosis else ""


def _full(subject: str, report: Report) -> Finding:
    lost = [
        f"{check.check_id} {check.outcome.value}: {check.staff_message.partition(chr(10))[0]}"
        for check in report.checks
        if check.outcome is not Outcome.PASSED
    ]
    return Finding(subject=subject, promise="gets all points", broken="; ".join(lost))


def with_seeds(plan: Plan, count: int, value_count: int) -> Plan:
    """Return the plan with this many seeds, counted from 1."""
    return replace(
        plan,
        seeds=tuple(range(1, count + 1)),
        value_seeds=tuple(range(1001, 1001 + value_count)),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What is asked of validating a lab; travels to processes.

    Attributes:
        seeds: How many seeds every correct program is graded at.
        value_seeds: How many further seeds its value checks run at.
        mode: Sandbox backend.
        is_recorded: Whether the mistakes' answers are recorded first.
        only: Words, see Plan.
    """

    seeds: int
    value_seeds: int
    mode: str
    is_recorded: bool = False
    only: tuple[str, ...] = ()


def validate_lab(
    course: Course, lab: Lab, wanted: Wanted, progress: Callable[[str], None]
) -> Proof:
    """Validate a lab, see Validator; first record the mistakes' answers if asked."""
    backend = find_backend(wanted.mode)
    if wanted.is_recorded:
        options = Options(seed=RECORDING_SEED, hidden=False)
        grader = Grader(course=course, lab=lab, backend=backend, options=options)
        progress("recording the answers of the mistakes")
        write_recording(lab.folder / RECORDING, grader.record())
        grader.close()
    validator = Validator(
        course=course,
        lab=lab,
        backend=backend,
        plan=with_seeds(Plan(only=wanted.only), wanted.seeds, wanted.value_seeds),
        progress=progress,
    )
    return validator.run()


def validate_labs(
    course: Course,
    labs: Sequence[Lab],
    wanted: Wanted,
    *,
    jobs: int,
    progress: Callable[[str], None],
) -> Iterator[tuple[Lab, Proof]]:
    """Validate labs, each as soon as a process is free; yields them in their order."""
    if jobs == 1 or len(labs) == 1:
        for lab in labs:
            yield lab, validate_lab(course, lab, wanted, progress)
        return
    with start_pool(jobs) as pool:
        work = [(str(course.root), lab.lab_id, wanted) for lab in labs]
        yield from zip(labs, pool.map(_validate, work), strict=True)


def _validate(work: tuple[str, str, Wanted]) -> Proof:
    root, lab_id, wanted = work
    course = find_course(Path(root), root)
    return validate_lab(course, read_lab(course, lab_id), wanted, lambda _text: None)
