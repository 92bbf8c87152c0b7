"""How the grading of a class, and one grade, look on the screen."""

import json
import shlex
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.screen import Screen, table
from cli.setting import Setting
from grader.api import report_json
from grader.model import CheckResult, Outcome, Report

if TYPE_CHECKING:
    from grader.batch import Batch

MARKS = {
    Outcome.PASSED: ".",
    Outcome.FAILED: "F",
    Outcome.ERRORED: "E",
    Outcome.TIMED_OUT: "T",
    Outcome.SKIPPED: "s",
    Outcome.NOT_RUN: "-",
    Outcome.BROKEN: "!",
}
MAX_TOPICS = 12
MAX_NAMES = 6
LOG_EVERY = 25  # without a terminal, progress is a line now and then


class BatchScreen:
    """Prints the grading of one class."""

    def __init__(self, batch: "Batch", setting: Setting, *, is_quiet: bool) -> None:
        """Begin; quiet means that stdout is for JSON."""
        self.batch = batch
        self.setting = setting
        self.screen = Screen(setting)
        self.is_quiet = is_quiet

    @contextmanager
    def progress(self) -> Iterator[Callable[[Report, bool], None]]:
        """Warn of a weak sandbox, then show each submission as it is graded."""
        self._warn()
        count = 0

        def show(report: Report, was_there: bool) -> None:  # noqa: FBT001  the engine's callback
            nonlocal count
            count += 1
            if self.is_quiet:
                return
            state = "unchanged" if was_there else _score_words(report)
            if self.screen.is_live:
                self.screen.clear_running()
                self.screen.show_running(f"{count} graded, last: {report.student} {state}")
            elif count % LOG_EVERY == 0:
                click.echo(f"{count} graded, last: {report.student} {state}", err=True)

        yield show
        self.screen.clear_running()

    def _warn(self) -> None:
        protection = self.batch.protection
        if protection.backend != "plain" and protection.missing:
            click.echo(f"Walls not in force: {', '.join(protection.missing)}.", err=True)
        if protection.backend == "plain":
            reason = protection.missing[-1]
            click.echo(
                "WARNING: submissions run WITHOUT a sandbox: they can read files, use the network "
                f"and see hidden checks ({reason}). `dlab doctor` says how to mend it; "
                "--require-sandbox refuses.",
                err=True,
            )

    def print_class(self, reports: Sequence[Report]) -> None:
        """Print the table, the most frequent mistakes, and what needs a person."""
        from grader.gradebook import summarise

        summary = summarise(reports)
        self.screen.line(f"{self.batch.lab.lab_id}: {self.batch.lab.title}", style="bold")
        self._print_rows(reports)
        self.screen.line()
        self.screen.line(
            f"{summary.graded} graded; mean {summary.mean_points:g}, median "
            f"{summary.median_points:g} of {summary.max_points} points. Checks: "
            + ", ".join(f"{count} {name}" for name, count in summary.outcomes.items())
            + "."
        )
        self._print_topics(reports)
        self._print_attention(reports)
        folder = self.batch.out / self.batch.lab.lab_id
        self.screen.line()
        self.screen.line("Results", style="bold")
        self.screen.command("", f"{folder}/  scores.csv  summary.json  <student>/result.json")
        if self.batch.with_figures:
            self._print_figures(reports)

    def _print_rows(self, reports: Sequence[Report]) -> None:
        rows = [
            (
                report.student,
                _points(report),
                "".join(MARKS[check.outcome] for check in report.checks),
                _first_reason(report),
            )
            for report in reports
        ]
        for line in table(("student", "points", "checks", "first loss"), rows, self.screen.width):
            self.screen.out.print(line)
        words = ". passed  F failed  E error  T time  s skipped  - not run  ! our fault"
        self.screen.line(words, style="dim")

    def _print_topics(self, reports: Sequence[Report]) -> None:
        from grader.gradebook import find_topics

        found = find_topics(reports)
        shared = [topic for topic in found if len(topic.students) > 1]
        topics = (shared or list(found))[:MAX_TOPICS]
        if not topics:
            return
        self.screen.line()
        head = "Mistakes of more than one student" if shared else "Mistakes, of one student each"
        self.screen.line(head, style="bold")
        for topic in topics:
            names = ", ".join(topic.students[:MAX_NAMES])
            more = f" and {len(topic.students) - MAX_NAMES} more" * (
                len(topic.students) > MAX_NAMES
            )
            text = f"{topic.headline} ({names}{more})"
            self.screen.marked(f"{len(topic.students):3d}  ", text, style="bold")

    def _print_attention(self, reports: Sequence[Report]) -> None:
        from grader.gradebook import absent

        missing = absent(reports)
        if missing:
            self.screen.marked("Nothing handed in: ", ", ".join(missing), style="bold")
        needy = [r for r in reports if r.score is None or r.remarks]
        shown = [r for r in needy if r.student not in missing]
        if not shown:
            return
        self.screen.line()
        self.screen.line("For a person to look at", style="bold")
        for report in shown:
            words = [report.problem] if report.problem else []
            words += [remark.splitlines()[0] for remark in report.remarks]
            text = "; ".join(dict.fromkeys(words))
            self.screen.marked(f"{report.student}: ", text[:300], style="yellow")

    def _print_figures(self, reports: Sequence[Report]) -> None:
        found = [self.batch.figures(report.student) for report in reports]
        count = sum(map(len, found))
        students = sum(map(bool, found))
        of = f"{_counted(count, 'figure')} of {_counted(students, 'student')}"
        text = f"{of}; those in staff/ show hidden inputs"
        folder = self.batch.out / self.batch.lab.lab_id
        self.screen.command("", f"{folder}/<student>/figures/  {text}")

    def print_json(self, reports: Sequence[Report]) -> None:
        """Print all reports; with their figures, where these were asked for."""
        print_reports_json(reports, self.batch.figures if self.batch.with_figures else None)


def print_reports_json(
    reports: Sequence[Report], figures: Callable[[str], Sequence[Path]] | None = None
) -> None:
    """Print reports as one JSON list, each with its student's figures, where there may be any."""
    data = [
        json.loads(report_json(report, figures(report.student) if figures else None))
        for report in reports
    ]
    click.echo(json.dumps(data, indent=2))


def _counted(count: int, what: str) -> str:
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def _points(report: Report) -> str:
    return f"{report.score.points}/{report.score.max_points}" if report.score else "none"


def _score_words(report: Report) -> str:
    return f"{_points(report)} points" if report.score else f"not graded: {report.problem}"


def _first_reason(report: Report) -> str:
    """Say in a few words where the first points were lost."""
    if report.problem:
        return report.problem
    for check in report.checks:
        if check.outcome not in (Outcome.PASSED, Outcome.SKIPPED):
            if check.diagnosis:
                return f"{check.check_id}: {check.diagnosis.headline}"
            first = (check.staff_message or check.message).partition("\n")[0]
            return f"{check.check_id}: {first}"
    return ""


def print_explanation(report: Report, out: Path, setting: Setting) -> None:
    """Print everything that is known about one grade; `out` is where the results are."""
    from grader.gradebook import find_source

    screen = Screen(setting)
    screen.line(f"{report.student}, {report.lab_id}: {_score_words(report)}", style="bold")
    facts = [
        ("graded at", f"{report.graded_at} by dlab {report.dlab_version}"),
        ("lab version", report.lab_version),
        ("submission", f"sha256 {report.submission_sha256[:16]}, {', '.join(report.files)}"),
        ("inputs", f"seed {report.seed}, dataset {report.dataset or 'none'}, {report.device}"),
        ("versions", ", ".join(f"{name} {number}" for name, number in report.versions.items())),
        ("sandbox", f"{report.protection.backend}: {', '.join(report.protection.in_force)}"),
        ("not in force", ", ".join(report.protection.missing) or "-"),
        ("time", f"{report.cpu_s:.2f} CPU s, {report.wall_s:.2f} s"),
    ]
    for line in table(("", ""), facts, screen.width):
        if line:
            screen.out.print(line)
    for remark in report.remarks:
        screen.marked("remark  ", remark, style="yellow")
    for check in report.checks:
        _print_check(check, screen)
    if report.output:
        screen.line("What the submission printed:", style="bold")
        for text in report.output.splitlines()[:40]:
            screen.line(text, indent=2)
    screen.line()
    seed, data = report.seed, f" --data {report.dataset}" if report.dataset else ""
    path = shlex.quote(find_source(out, report))
    command = f"check {report.lab_id} {path} --all --seed {seed}{data}"
    screen.command("The same again: ", setting.command(command))


def _print_check(check: CheckResult, screen: Screen) -> None:
    mark = f"{check.outcome.value:<10}"
    text = f"{check.points}/{check.max_points}  {check.check_id} ({check.visibility.value})"
    screen.marked(mark, text, style="green" if check.outcome is Outcome.PASSED else "bold red")
    shown = [m for m in check.measured if m.threshold is not None]
    for measured in check.measured if check.outcome is not Outcome.PASSED else shown:
        relation = "at most" if measured.is_limit else "at least"
        limit = "" if measured.threshold is None else f", {relation} {measured.threshold:g}"
        value = "not finite" if measured.value is None else f"{measured.value:.6g}"
        screen.line(f"{measured.name}: {value} {measured.unit}{limit}", indent=10, hang=2)
    for line in (check.staff_message or check.message).splitlines()[:30]:
        screen.line(line, indent=10, hang=2)
    if check.diagnosis:
        found = check.diagnosis
        screen.line(f"mistake: {found.mistake}: {found.headline}", indent=10, hang=2)
        screen.line(found.evidence, indent=10, hang=2)
