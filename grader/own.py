"""A student's own check of one lab: chooses what runs, runs it as often as wanted, remembers it."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from grader.course import Course
from grader.errors import RequestError
from grader.figures import FOLDER as FIGURES
from grader.figures import Drawn, require_matplotlib, save_figures
from grader.gpu import hold_gpu
from grader.handin import SKIPPED, SUFFIXES, find_own, read_handin
from grader.labs import check_paths, find_lab
from grader.model import Check, CheckResult, Lab, Outcome, Protection, Report, Visibility
from grader.progress import FOLDER, folder_of, save_report
from grader.runner import Grader, Options
from grader.sandbox.backend import find_backend
from grader.sandbox.lookout import Follow
from grader.stub import Look, look_at, waiting_for
from grader.testing.exhibit import Exhibition
from grader.wish import Wish

Observer = Callable[[Check, CheckResult | None], None]


@dataclass(slots=True)
class OwnCheck:
    """The checks of one lab on one submission; keeps what the next run can use again."""

    lab: Lab
    path: Path
    grader: Grader
    wish: Wish
    look: Look = field(default_factory=Look)
    exhibitions: dict[str, Exhibition] = field(default_factory=dict)  # of the last run

    @property
    def protection(self) -> Protection:
        """Return what stands between the submission and the machine."""
        return self.grader.backend.protection

    @property
    def is_whole(self) -> bool:
        """Whether all public checks run."""
        return not self.wish.only

    @property
    def seed(self) -> int:
        """Return what draws the inputs of the checks."""
        return self.grader.options.seed

    @property
    def dataset(self) -> str:
        """Return the dataset in force; empty if the lab has none."""
        return self.grader.dataset

    @property
    def file(self) -> Path:
        """Return the file that is checked, where it can be told."""
        return self.path / self.lab.file if self.path.is_dir() else self.path

    def run(self, observer: Observer, *, follow: Follow | None = None) -> Report:
        """Run the checks once and remember the report.

        Args:
            observer: Told of each check before it starts (result None) and when it has ended.
            follow: Told how each call of the submission goes, for a person to look at.
        """
        handin = read_handin(self.path, self.lab, "own")
        self.look = look_at(self.lab, handin.files.get(self.lab.file, b""))
        self.exhibitions = {}
        report = self.grader.grade(
            handin, observer=observer, exhibitions=self.exhibitions, follow=follow
        )
        save_report(folder_of(self.path), report, is_whole=self.is_whole)
        return report

    def save_figures(self) -> Drawn:
        """Draw what the last run's checks laid out; files of earlier runs are replaced."""
        folder = folder_of(self.path) / FOLDER / self.lab.lab_id / FIGURES
        return save_figures(folder, self.grader.selected(), self.exhibitions)

    def waits_for(self, result: CheckResult) -> str:
        """Return the function, not written yet, that ended this check; empty if none did."""
        return waiting_for(result, self.look.unwritten)

    def is_about_loading(self, result: CheckResult) -> bool:
        """Whether the file could not even be loaded, so that a check's own hint says nothing."""
        first = result.message.partition("\n")[0]
        file = self.lab.file
        texts = (f"{file} is not valid Python", f"{file} could not be imported")
        return result.outcome is Outcome.ERRORED and any(text in first for text in texts)

    def fingerprint(self) -> dict[str, tuple[int, int]]:
        """Return time and size of each file that is checked; changes when one is saved."""
        if not self.path.is_dir():
            return dict(filter(None, [_stamp(self.path)]))
        found: dict[str, tuple[int, int]] = {}
        for root, folders, names in os.walk(self.path):
            folders[:] = [name for name in folders if name not in SKIPPED]
            wanted = (Path(root, name) for name in names if name.endswith(SUFFIXES))
            found.update(filter(None, map(_stamp, wanted)))
        return found

    def close(self) -> None:
        """End the workers."""
        self.grader.close()

    def __enter__(self) -> "OwnCheck":
        """Open."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self.close()


def _stamp(path: Path) -> tuple[str, tuple[int, int]] | None:
    try:
        status = path.stat()
    except OSError:  # it is being replaced by an editor right now
        return None
    return str(path), (status.st_mtime_ns, status.st_size)


def open_check(course: Course, lab_id: str, start: Path, wish: Wish) -> OwnCheck:
    """Find lab and submission and get everything ready.

    Args:
        course: The course in force.
        lab_id: The lab's id or short id.
        start: The current folder.
        wish: What is asked for.

    Raises:
        RequestError: If something that is asked for does not exist; says what there is.
        ContentError: If the lab's files break a rule.
    """
    lab = find_lab(course, lab_id)
    path = find_own(lab, start, wish.path)
    if wish.with_hidden and not check_paths(course.hidden / lab.lab_id):
        raise RequestError(
            f"This machine has no hidden checks of {lab.short_id}: they run after you hand in. "
            f"Leave out --all."
        )
    if wish.with_figures:
        require_matplotlib()
    options = Options(
        seed=wish.seed,
        hidden=wish.with_hidden,
        only=wish.only,
        dataset=wish.dataset,
        device=_choose_device(lab, wish.device),
    )
    grader = Grader(course=course, lab=lab, backend=find_backend(wish.sandbox), options=options)
    try:
        _require_checks(grader)
    except BaseException:
        grader.close()
        raise
    return OwnCheck(lab=lab, path=path, grader=grader, wish=wish)


def _require_checks(grader: Grader) -> None:
    if grader.selected():
        return
    lab, words = grader.lab, " or ".join(f"'{word}'" for word in grader.options.only)
    hidden = grader.options.hidden
    there = [c.check_id for c in lab.checks if hidden or c.visibility is Visibility.PUBLIC]
    if not there:
        raise RequestError(f"{lab.short_id} has no public check: it is graded after you hand in.")
    kind = "check" if hidden else "public check"
    raise RequestError(
        f"No {kind} of {lab.short_id} has {words} in its id. There are: {', '.join(there)}."
    )


def _choose_device(lab: Lab, wanted: str) -> str:
    """Return the device that is used, "cpu" or "cuda".

    Raises:
        RequestError: If CUDA is asked for and cannot be used.
    """
    if wanted != "cuda":
        return "cpu"
    if "torch" not in lab.packages:
        raise RequestError(f"{lab.short_id} computes on the CPU only. Leave out --device cuda.")
    hold_gpu()
    return "cuda"
