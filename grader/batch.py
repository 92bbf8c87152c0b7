"""Grades a folder of submissions: a pool of warm graders, resumable, one result file each."""

import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from grader import __version__
from grader.course import Course, find_course
from grader.errors import RequestError
from grader.figures import FOLDER as FIGURES
from grader.figures import drawn_in, fill_folder, remove_figures, require_matplotlib
from grader.gradebook import write_gradebook
from grader.handin import Handin, read_handin
from grader.labs import find_lab, lab_version, read_lab
from grader.model import NOTHING_HANDED_IN, Lab, Protection, Report
from grader.pool import start_pool
from grader.result import FILE_NAME, read_result, to_json, write_atomically
from grader.runner import Grader, Options
from grader.sandbox.backend import Mode, find_backend
from grader.sandbox.client import Budget
from grader.sandbox.protection import NOT_HELD, protection_of
from grader.testing.exhibit import Exhibition
from grader.text import clean

SEPARATORS = ("_", "-", ".", " ")  # between a student and a lab in a file's name


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One student's submission in a folder; more than one path is a conflict.

    Attributes:
        figures: Where what its checks lay out is drawn; None if nothing is.
    """

    student: str
    paths: tuple[Path, ...]
    figures: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """What to grade, how, and where the results go.

    Attributes:
        out: Results are at out/<lab id>/<student>/result.json.
        mode: Sandbox backend, see `grader.sandbox.backend.Mode`.
        force: Whether unchanged submissions are graded again.
        is_strict: Whether to refuse when a wall of the sandbox did not hold in its self-test.
        with_figures: Whether what checks lay out to be looked at is drawn, beside each result.
    """

    course: Course
    lab: Lab
    folder: Path
    out: Path
    options: Options
    jobs: int = 1
    mode: str = Mode.AUTO
    force: bool = False
    is_strict: bool = False
    with_figures: bool = False

    @property
    def protection(self) -> Protection:
        """Return what stands between the submissions and the machine, after a self-test."""
        return _tested_protection(self.mode)

    def result_path(self, student: str) -> Path:
        """Return where a student's result is."""
        return self.out / self.lab.lab_id / student / FILE_NAME

    def figures(self, student: str) -> tuple[Path, ...]:
        """Return the figures that lie beside a student's result."""
        return tuple(drawn_in(self.result_path(student).parent / FIGURES))


Progress = Callable[[Report, bool], None]  # the report, and whether it was already there


@cache
def _tested_protection(mode: str) -> Protection:
    backend = find_backend(mode)
    backend.protection = protection_of(backend)
    return backend.protection


def plan_batch(
    course: Course,
    wanted: str,
    folder: Path,
    *,
    out: Path,
    jobs: int | None = None,
    seed: int | None = None,
    dataset: str = "",
    mode: str = Mode.AUTO,
    force: bool = False,
    is_strict: bool = False,
    with_figures: bool = False,
) -> Batch:
    """Fill in what the user left out: the course's seed, one job a core."""
    if with_figures:
        require_matplotlib()
    return Batch(
        course=course,
        lab=find_lab(course, wanted),
        folder=folder,
        out=out,
        options=Options(seed=course.seed if seed is None else seed, dataset=dataset),
        jobs=jobs or os.cpu_count() or 1,
        mode=Mode.BWRAP if is_strict else mode,
        force=force,
        is_strict=is_strict,
        with_figures=with_figures,
    )


def find_jobs(folder: Path, lab: Lab) -> tuple[Job, ...]:
    """Find the submissions in a folder.

    Understands nbgrader's `<student>/<lab>/`, `<student>/<file>`, `<student>.zip`, and a flat
    folder of `<student>.py` or `<student>_<lab>.py`.

    Raises:
        RequestError: If the folder does not exist or holds no submission.
    """
    if not folder.is_dir():
        raise RequestError(f"There is no folder '{folder}'.")
    found: dict[str, list[Path]] = {}
    for path in sorted(folder.iterdir()):
        if path.name.startswith((".", "__")):
            continue
        if student := _student_of(path, lab):
            found.setdefault(student, []).append(_inner(path, lab))
    if not found:
        raise RequestError(
            f"'{folder}' holds no submission: expected <student>/{lab.lab_id}/{lab.file}, "
            f"<student>/{lab.file}, <student>.zip or <student>.py."
        )
    return tuple(Job(student=name, paths=tuple(paths)) for name, paths in sorted(found.items()))


def _student_of(path: Path, lab: Lab) -> str:
    """Return whose submission an entry of the folder is; empty if it is none."""
    if path.is_dir():
        name = path.name
    elif path.suffix.lower() in (".py", ".zip"):
        name = path.stem
        for ending in (lab.lab_id, lab.short_id):
            if name.endswith(ending) and name[: -len(ending)].endswith(SEPARATORS):
                name = name.removesuffix(ending).rstrip("".join(SEPARATORS)) or name
    else:
        return ""
    return " ".join(clean(name, 100).split()) or "_"


def _inner(path: Path, lab: Lab) -> Path:
    """Step into `<student>/<lab>/` where it exists, but never through a symbolic link."""
    if path.is_symlink():
        return path  # reading it says what is wrong with it
    return next((p for name in (lab.lab_id, lab.short_id) if (p := path / name).is_dir()), path)


def read_job(job: Job, lab: Lab) -> Handin:
    """Read a job's files."""
    if len(job.paths) > 1:
        names = " and ".join(path.name for path in job.paths)
        return Handin(student=job.student, problem=f"two submissions: {names}; keep one")
    if _holds_other_labs_only(job.paths[0], lab):
        return Handin(student=job.student, problem=NOTHING_HANDED_IN)
    return read_handin(job.paths[0], lab, job.student)


def _holds_other_labs_only(path: Path, lab: Lab) -> bool:
    """Whether a student's folder has folders of the course's other labs, and nothing of this."""
    if path.is_symlink() or not path.is_dir() or path.name in (lab.lab_id, lab.short_id):
        return False
    labs = {entry.parent.name for entry in lab.folder.parent.glob("*/lab.toml")}
    names = labs | {name.split("_", 1)[0] for name in labs}
    return any((path / name).is_dir() for name in names) and not (path / lab.file).exists()


def grade_folder(batch: Batch, progress: Progress) -> tuple[Report, ...]:
    """Grade every submission of a folder and return all reports, by student.

    Args:
        batch: What to grade.
        progress: Called in this thread with each report as it is there.

    Raises:
        RequestError: If there is nothing to grade or the results cannot be written.
    """
    jobs = find_jobs(batch.folder, batch.lab)
    lost = [wall for wall in batch.protection.missing if wall.endswith(NOT_HELD)]
    if batch.is_strict and lost:
        raise RequestError(f"The sandbox has gaps: {', '.join(lost)}. See `dlab doctor`.")
    planner = _new_grader(batch.course, batch.lab, batch.options, batch.mode)
    planner.check_files(planner.selected())  # broken content is told before anything is graded
    version = lab_version(batch.course, batch.lab)
    reports: dict[str, Report] = {}
    waiting: list[Job] = []
    for job in jobs:
        if (known := _unchanged(batch, job, planner, version)) is not None:
            reports[job.student] = known
            progress(known, True)  # noqa: FBT003  a callback's positional
        else:
            figures = batch.result_path(job.student).parent / FIGURES
            remove_figures(figures)
            waiting.append(replace(job, figures=figures if batch.with_figures else None))
    for report in _grade_all(batch, waiting, planner):
        try:
            write_atomically(batch.result_path(report.student), to_json(report))
        except OSError as error:
            raise RequestError(f"Results cannot be written to {batch.out}: {error}.") from error
        reports[report.student] = report
        progress(report, False)  # noqa: FBT003  a callback's positional
    ordered = tuple(reports[job.student] for job in jobs)
    sources = {job.student: str(job.paths[0].resolve()) for job in jobs}
    write_gradebook(batch.out / batch.lab.lab_id, ordered, sources)
    return ordered


def _unchanged(batch: Batch, job: Job, planner: Grader, version: str) -> Report | None:
    """Return the result that is there if grading again could not change it."""
    path = batch.result_path(job.student)
    if batch.force or not path.is_file():
        return None
    if batch.with_figures and not (path.parent / FIGURES).is_dir():
        return None
    try:
        known = read_result(path)
    except RequestError:
        return None
    options = planner.options
    is_same = (
        known.score is not None
        and (known.dlab_version, known.lab_version) == (__version__, version)
        and (known.seed, known.dataset, known.device)
        == (options.seed, planner.dataset, options.device)
        and known.protection == planner.backend.protection
        and [c.check_id for c in known.checks] == [c.check_id for c in planner.selected()]
        and known.submission_sha256 == read_job(job, batch.lab).sha256
    )
    return known if is_same else None


def _grade_all(batch: Batch, jobs: Sequence[Job], planner: Grader) -> Iterator[Report]:
    """Grade jobs on several slots and yield the reports as they come."""
    todo: queue.SimpleQueue[Job] = queue.SimpleQueue()
    done: queue.SimpleQueue[Report] = queue.SimpleQueue()
    for job in jobs:
        todo.put(job)
    slots = [
        threading.Thread(target=_serve_slot, args=(batch, planner, todo, done), daemon=True)
        for _ in range(min(batch.jobs, len(jobs)))
    ]
    for slot in slots:
        slot.start()
    for _ in jobs:
        yield done.get()
    for slot in slots:
        slot.join()


def _serve_slot(
    batch: Batch,
    planner: Grader,
    todo: "queue.SimpleQueue[Job]",
    done: "queue.SimpleQueue[Report]",
) -> None:
    """Run jobs one after the other in a process of this slot's own; replace it if it dies."""
    executor: ProcessPoolExecutor | None = None
    while True:
        try:
            job = todo.get_nowait()
        except queue.Empty:
            break
        for _ in range(2):
            executor = executor or _new_executor(batch)
            try:
                done.put(executor.submit(_grade_job, job).result(hang_s(batch.lab)))
                break
            except (BrokenProcessPool, TimeoutError):
                _abandon(executor)
                executor = None
            except Exception as error:  # noqa: BLE001  the batch goes on, whatever it was
                done.put(_lost(planner, job, f"{type(error).__name__}: {error}"))
                break
        else:
            done.put(_lost(planner, job, "the grader's own process ended or hung twice on it"))
    if executor:
        executor.shutdown()


def hang_s(lab: Lab) -> float:
    """Return the seconds after which it is the grader that hangs: twice what the limits allow."""
    submission = Budget(cpu_s=lab.limits.submission_cpu_s)
    return 2 * (submission.wall_s + len(lab.checks) * Budget(cpu_s=0).wall_s) + 120


def _abandon(executor: ProcessPoolExecutor) -> None:
    """End a slot's process, even one that hangs."""
    for process in (getattr(executor, "_processes", None) or {}).values():
        process.kill()  # there is no public way to end a process that does not answer
    executor.shutdown(wait=False)


def _lost(planner: Grader, job: Job, why: str) -> Report:
    """Return a report that says the submission could not be graded; no score."""
    return planner.grade(Handin(student=job.student, problem=f"our fault: {why}"))


def _new_grader(course: Course, lab: Lab, options: Options, mode: str) -> Grader:
    return Grader(course=course, lab=lab, backend=find_backend(mode), options=options)


def _new_executor(batch: Batch) -> ProcessPoolExecutor:
    place = (str(batch.course.root), batch.lab.lab_id)
    return start_pool(1, _start_slot, *place, batch.options, batch.mode, batch.protection)


_grader: Grader | None = None  # of this slot's process, made once by _start_slot


def _start_slot(
    root: str, lab_id: str, options: Options, mode: str, protection: Protection
) -> None:
    """Make this process a warm grader; the sandbox's self-test was made by its parent."""
    global _grader  # noqa: PLW0603  the one way ProcessPoolExecutor's initializer can leave something
    find_backend(mode).protection = protection
    course = find_course(Path(root), root)
    _grader = _new_grader(course, read_lab(course, lab_id), options, mode)


def _grade_job(job: Job) -> Report:
    if _grader is None:
        raise RuntimeError("the slot was not started")
    exhibitions: dict[str, Exhibition] = {}
    report = _grader.grade(read_job(job, _grader.lab), exhibitions=exhibitions)
    if job.figures:
        fill_folder(job.figures, _grader.selected(), exhibitions)
    return report
