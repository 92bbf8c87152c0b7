"""How labs, progress, hints and submissions look on the screen."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cli.screen import Screen, table
from cli.setting import Setting
from grader.api import public_score
from grader.model import Lab, Visibility

if TYPE_CHECKING:
    from grader.packing import Package
    from grader.progress import Hint, Status
    from grader.stub import Started

LABEL = 12  # columns of the labels of `dlab submit`


def print_labs(title: str, labs: Sequence[Lab], setting: Setting) -> None:
    """List labs with their points."""
    screen = Screen(setting)
    screen.line(title, style="bold")
    rows = [
        (
            lab.short_id,
            str(sum(check.points for check in lab.checks)),
            str(sum(c.points for c in lab.checks if c.visibility is Visibility.PUBLIC)),
            lab.title,
        )
        for lab in labs
    ]
    _print_table(("lab", "points", "public", "title"), rows, screen)
    if labs:
        screen.line()
        screen.line(f"{setting.command(f'start {labs[0].short_id}')} begins the first one.")


def print_rubric(lab: Lab, setting: Setting) -> None:
    """List what a lab is graded on."""
    screen = Screen(setting)
    screen.line(f"{lab.lab_id}: {lab.title}", style="bold")
    rows = [
        (str(check.points), check.visibility.value, check.check_id, check.title)
        for check in lab.checks
    ]
    _print_table(("points", "visibility", "check", "what it asks"), rows, screen)
    points = sum(check.points for check in lab.checks)
    screen.line()
    screen.line(f"{len(lab.checks)} checks, {points} points. Your file: {lab.file}.")
    for lecture in lab.lectures:
        screen.marked("Read: ", lecture, style="cyan")


def print_started(lab: Lab, started: "Started", into: str, setting: Setting) -> None:
    """Say what was copied, what was left alone, and what comes next."""
    screen = Screen(setting)
    screen.line(f"{lab.lab_id}: {lab.title}", style="bold")
    for path in started.written:
        screen.marked("Copied ", str(path), style="green")
    for path in started.kept:
        screen.marked("Kept   ", f"{path}: it was there already", style="yellow")
    place = f" {into}" if into else ""
    screen.line()
    screen.line(f"Next: edit {started.folder / lab.file}, then")
    screen.line(setting.command(f"check {lab.short_id}{place}"), indent=6)


def print_hint(lab: Lab, hint: "Hint", setting: Setting) -> None:
    """Print one hint, and how to go on from it."""
    screen = Screen(setting)
    if not hint.check_id:
        screen.line("Nothing to hint at: no check failed in the last run.")
        return
    if not hint.total:
        screen.line(f"{hint.check_id} has no hints.", style="bold")
    else:
        screen.line(f"{hint.check_id}: hint {hint.number} of {hint.total}", style="bold")
        screen.line(hint.text, indent=2)
    screen.line()
    if hint.number < hint.total:
        again = setting.command(f"hint {lab.short_id} {hint.check_id}")
        screen.marked("Next: ", f"try again, or {again}", style="cyan")
        return
    if hint.is_repeat:
        screen.line("You have seen all hints of this check.")
    where = hint.lecture or "; ".join(lab.lectures) or "the statement"
    screen.marked("Read: ", where, style="cyan")


def print_status(found: Sequence["Status"], setting: Setting) -> None:
    """Print one row a lab."""
    screen = Screen(setting)
    head = ("lab", "started", "public points", "last check", "submitted")
    _print_table(head, [_status_row(status) for status in found], screen)
    if any(status.report and not status.is_checked for status in found):
        screen.line()
        screen.line("* changed since")


def _status_row(status: "Status") -> tuple[str, ...]:
    if status.folder is None:
        return (status.lab.short_id, "no", "", "", "")
    points = checked = "-"
    if status.report:
        score = public_score(status.report)
        points = f"{score.points} of {score.max_points}"
        checked = _when(status.report.graded_at) + "*" * (not status.is_checked)
    submitted = "no"
    if status.submitted_at:
        submitted = _when(status.submitted_at) + "*" * (not status.is_submitted)
    return (status.lab.short_id, "yes", points, checked, submitted)


def _when(text: str) -> str:
    """Write a moment in the reader's own time zone."""
    try:
        return datetime.fromisoformat(text).astimezone().strftime("%Y-%m-%d %H:%M")
    except ValueError:
        return text


def print_package(package: "Package", setting: Setting) -> None:
    """Say what goes into the zip, what does not, and what is missing."""
    screen = Screen(setting)
    lab, look = package.lab, package.look
    screen.line(f"{lab.lab_id}: {lab.title}", style="bold")
    for number, (name, content) in enumerate(sorted(package.files.items())):
        label = "" if number else "Sent"
        screen.marked(f"{label:<{LABEL}}", f"{name}  {_size(len(content))}", style="green")
    if package.left_out:
        screen.marked(f"{'Not sent':<{LABEL}}", ", ".join(package.left_out), style="yellow")
    problems = [
        ("Not written", ", ".join(look.unwritten)),
        ("Not there", ", ".join(look.missing) and f"{', '.join(look.missing)} (no such function)"),
        ("Broken", look.problem),
    ]
    for label, text in problems:
        if text:
            screen.marked(f"{label:<{LABEL}}", text, style="bold red")
    screen.marked(f"{'Last check':<{LABEL}}", _last_check(package, setting))


def _last_check(package: "Package", setting: Setting) -> str:
    again = setting.command(f"check {package.lab.short_id}")
    if package.report is None:
        return f"never; {again} runs it"
    score = public_score(package.report)
    points = f"{score.points} of {score.max_points} public points"
    return points if package.is_checked else f"{points}, of other files; {again} runs it again"


def _size(size: int) -> str:
    return f"{size} bytes" if size < 1024 else f"{size / 1024:.1f} KiB"


def print_written(target: Path, setting: Setting) -> None:
    """Say where the zip is and what to do with it."""
    screen = Screen(setting)
    screen.line()
    text = f"{target}. Nothing has left this machine: hand in this file where your course asks."
    screen.marked("Wrote ", text, style="green")


def print_findings(findings: Sequence[tuple[str, bool, str, str]], setting: Setting) -> None:
    """Print what `doctor` found, with the way to mend what is missing."""
    screen = Screen(setting)
    for name, ok, detail, how_to_fix in findings:
        mark, style = ("ok     ", "green") if ok else ("missing", "bold red")
        screen.marked(f"{mark}  ", f"{name}: {detail}" if detail else name, style=style)
        if how_to_fix and not ok:
            screen.marked("To mend: ", how_to_fix, indent=9, style="cyan")


def _print_table(head: Sequence[str], rows: Sequence[Sequence[str]], screen: Screen) -> None:
    for number, line in enumerate(table(head, rows, screen.width)):
        screen.out.print(line, style=None if number else "dim")
