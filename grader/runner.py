"""Grades one submission: starts its worker, runs the checks under pytest, returns the report."""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import pytest

from grader import __version__
from grader.course import Course
from grader.datastore import choose_dataset
from grader.diagnosis.mistake import Answer, Mistake, read_mistakes
from grader.diagnosis.recording import FILE_NAME as RECORDING
from grader.diagnosis.recording import Recording, read_recording
from grader.errors import ContentError
from grader.examine import Examiner
from grader.handin import Handin
from grader.labs import check_paths, lab_version, public_version
from grader.model import CONTENT_BROKEN, Check, CheckResult, Lab, Report, Visibility
from grader.plugin import GradingPlugin
from grader.programs import mistakes_of, reference_of
from grader.review import find_remarks
from grader.sandbox.backend import Backend
from grader.sandbox.client import protect_own_memory
from grader.sandbox.lookout import Follow
from grader.sandbox.packages import importable_files
from grader.scoring import score_results
from grader.session import Session, Source
from grader.testing.exhibit import Exhibition

PYTEST_ARGS = (
    *("--import-mode=importlib", "--assert=plain", "-c", os.devnull, "-p", "no:terminal"),
    *("-p", "no:cacheprovider", "-p", "no:capture", "-p", "no:logging", "-p", "no:faulthandler"),
    *("-p", "no:unraisableexception", "-p", "no:threadexception", "-p", "no:warnings"),
    *("-p", "no:doctest", "-p", "no:junitxml", "-p", "no:pastebin", "-p", "no:stepwise"),
    *("-p", "no:setuponly", "-p", "no:setupplan", "-p", "no:debugging", "-p", "no:nose"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How to grade.

    Attributes:
        seed: Draws the inputs of every check.
        hidden: Whether hidden checks run too.
        only: Substrings of check ids; empty for all.
        dataset: Name; empty for the lab's first.
        threads: BLAS and torch threads of the workers.
        is_patient: Whether a training check that missed its bar is run once more.
    """

    seed: int = 0
    hidden: bool = True
    only: tuple[str, ...] = ()
    dataset: str = ""
    device: str = "cpu"
    threads: int = 1
    is_patient: bool = True


@dataclass(slots=True)
class Grader:
    """Grades submissions of one lab, one after the other; keeps what they may share.

    Shared are only things made by staff: the reference's and the mistakes' worker, and what the
    mistakes answered. Nothing of one submission reaches the next.
    """

    course: Course
    lab: Lab
    backend: Backend
    options: Options
    staff: Session | None = None
    mistakes: tuple[Mistake, ...] = ()
    memory: dict[tuple[str, int, str], Answer] = field(default_factory=dict)
    recorded: Mapping[str, Sequence[tuple[Mistake, Answer]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Find the dataset, and the reference and the mistakes where this machine has them."""
        dataset = choose_dataset(self.lab, self.options.dataset)
        self.options = replace(self.options, dataset=dataset)
        self.lab = self.lab.on(dataset)
        if self.backend.protection.backend == "plain":
            protect_own_memory()
        if self.course.reference(self.lab.lab_id, self.lab.file) is None:
            recording = read_recording(self.lab.folder / RECORDING)
            if recording and recording.seed == self.options.seed:
                self.recorded = recording.answers
            return
        importable_files(self.lab.packages)  # grading needs every package of the lab
        self.mistakes = read_mistakes(self.course.hidden / self.lab.lab_id / "mistakes")
        sources = {
            **reference_of(self.course, self.lab),
            **mistakes_of(self.course, self.lab, self.mistakes),
        }
        self.staff = self._session(sources, is_bounded=False)

    def _session(self, sources: Mapping[str, Source], *, is_bounded: bool) -> Session:
        return Session(
            backend=self.backend,
            lab=self.lab,
            sources=sources,
            seed=self.options.seed,
            threads=self.options.threads,
            device=self.options.device,
            is_bounded=is_bounded,
        )

    def selected(self) -> tuple[Check, ...]:
        """Return the rubric lines that are graded.

        Raises:
            ContentError: If hidden checks are asked for and this machine has none.
        """
        checks = self.lab.checks
        if not self.options.hidden:
            checks = tuple(c for c in checks if c.visibility is Visibility.PUBLIC)
        if self.options.only:
            checks = tuple(
                c for c in checks if any(word in c.check_id for word in self.options.only)
            )
        return checks

    def check_files(self, checks: Sequence[Check]) -> tuple[Path, ...]:
        """Return the files that hold these checks.

        Raises:
            ContentError: If there are none.
        """
        wanted = {check.visibility for check in checks}
        folders = {
            Visibility.PUBLIC: self.lab.folder,
            Visibility.HIDDEN: self.course.hidden / self.lab.lab_id,
        }
        paths: list[Path] = []
        for visibility, folder in folders.items():
            if visibility in wanted:
                found = check_paths(folder)
                if not found:
                    path = folder.relative_to(self.course.root) / "checks.py"
                    raise ContentError(f"{path} does not exist.")
                paths += found
        return tuple(paths)

    def grade(
        self,
        handin: Handin,
        *,
        checks: Sequence[Check] | None = None,
        observer: Callable[[Check, CheckResult | None], None] | None = None,
        exhibitions: dict[str, Exhibition] | None = None,
        follow: Follow | None = None,
    ) -> Report:
        """Grade one submission.

        Args:
            handin: The submission's files, as inert bytes.
            checks: Which, in the rubric's order; None for what the options select.
            observer: Told of each check before it starts (result None) and when it has ended.
            exhibitions: Filled with what each check laid out to be looked at.
            follow: Told how each call of the submission goes, for a person to look at.
        """
        wanted = tuple(checks) if checks is not None else self.selected()
        started = time.monotonic()
        module = Path(self.lab.file).stem
        source = Source(files=handin.files, run=(self.lab.file,), module=module)
        session = self._session({"submission": source}, is_bounded=True)
        session.follow = follow
        plugin = GradingPlugin(
            lab=self.lab,
            checks=wanted,
            examiner=Examiner(
                session,
                self.staff,
                self.mistakes,
                self.memory,
                self.recorded,
                is_patient=self.options.is_patient,
                exhibitions={} if exhibitions is None else exhibitions,
            ),
            dataset_name=self.dataset,
            device_name=self.options.device,
            observer=observer or (lambda _check, _result: None),
        )
        problem = handin.problem
        try:
            if not problem:
                run_pytest(self.course.root, self.check_files(wanted), plugin)
        finally:
            cpu_s = session.cpu_seconds()
            output = session.close()
        return self._report(
            handin,
            plugin,
            remarks=(*find_remarks(handin.files), *session.remarks),
            output=output,
            cpu_s=cpu_s,
            wall_s=time.monotonic() - started,
        )

    def record(self) -> Recording:
        """Ask the known mistakes for their answers in the selected checks.

        Raises:
            ContentError: If a check cannot be run.
        """
        session = self._session({}, is_bounded=True)
        examiner = Examiner(session, self.staff, self.mistakes, self.memory)
        checks = self.selected()
        plugin = GradingPlugin(
            lab=self.lab,
            checks=checks,
            examiner=examiner,
            dataset_name=self.dataset,
            device_name=self.options.device,
            observer=lambda _check, _result: None,
            run=examiner.record,
        )
        run_pytest(self.course.root, self.check_files(checks), plugin)
        if plugin.problems:
            raise ContentError("\n".join(plugin.problems))
        answers: dict[str, list[tuple[Mistake, Answer]]] = {}
        for check in checks:
            for mistake in self.mistakes:
                answer = self.memory.get((check.check_id, self.options.seed, mistake.name))
                if answer and answer.is_wrong:
                    answers.setdefault(check.check_id, []).append((mistake, answer))
        version = public_version(self.course, self.lab)
        return Recording(seed=self.options.seed, version=version, answers=answers)

    @property
    def dataset(self) -> str:
        """Return the dataset in force; empty if the lab has none."""
        return self.options.dataset

    def _report(
        self,
        handin: Handin,
        plugin: GradingPlugin,
        *,
        remarks: Sequence[str],
        output: str,
        cpu_s: float,
        wall_s: float,
    ) -> Report:
        results = tuple(plugin.results.values())
        score, problem = None, handin.problem
        if not problem:
            try:
                score = score_results(plugin.checks, results)
            except ContentError as error:
                reasons = [str(error), *(text.strip().splitlines()[-1] for text in plugin.problems)]
                problem = f"{CONTENT_BROKEN}: {'; '.join(reasons)}"
        return Report(
            dlab_version=__version__,
            student=handin.student,
            lab_id=self.lab.lab_id,
            lab_version=lab_version(self.course, self.lab),
            submission_sha256=handin.sha256,
            files=tuple(sorted(handin.files)),
            dataset=self.dataset,
            device=self.options.device,
            seed=self.options.seed,
            protection=self.backend.protection,
            versions=versions(self.lab.packages),
            checks=results,
            score=score,
            problem=problem,
            remarks=(*handin.remarks, *remarks, *plugin.problems),
            output=output,
            graded_at=datetime.now(UTC).isoformat(timespec="seconds"),
            cpu_s=round(cpu_s, 6),
            wall_s=round(wall_s, 6),
        )

    def close(self) -> None:
        """End the staff's worker."""
        if self.staff:
            self.staff.close()


@contextmanager
def _clean_environment() -> Iterator[None]:
    """Keep a user's PYTEST_ADDOPTS and plugins away from grading."""
    kept = dict(os.environ)
    os.environ.pop("PYTEST_ADDOPTS", None)
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(kept)


@contextmanager
def _importable(folders: Sequence[str]) -> Iterator[None]:
    """Let checks import what stands beside them; the next run reads all of it anew."""
    sys.path[:0] = folders
    try:
        yield
    finally:
        del sys.path[: len(folders)]
        for name, module in list(sys.modules.items()):
            if os.path.dirname(getattr(module, "__file__", None) or "") in folders:
                del sys.modules[name]


def run_pytest(root: Path, paths: Sequence[Path], plugin: GradingPlugin) -> None:
    """Run the checks in these files of the course at `root` under the plugin."""
    if not plugin.checks:
        return
    folders = list(dict.fromkeys(str(path.parent) for path in paths))
    with _clean_environment(), _importable(folders):
        args = [*PYTEST_ARGS, f"--rootdir={root}", *map(str, paths)]
        code = pytest.main(args, plugins=[plugin])
    if plugin.was_interrupted:
        raise KeyboardInterrupt
    if code not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        plugin.problems.append(f"pytest ended with {pytest.ExitCode(code).name}")


def versions(packages: Sequence[str]) -> dict[str, str]:
    """Return the versions that a result depends on."""
    import platform

    found = {"python": platform.python_version(), "platform": platform.platform(terse=True)}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "missing"
    return found
