"""`dlab quiz import`: responses from an LMS, a form, scanned papers or dlab itself."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.exit import EXIT_OK, EXIT_POINTS_LOST
from cli.options import json_option
from cli.setting import Setting, pass_setting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.quiz.archive import Plan
    from grader.quiz.model import Quiz
    from grader.quiz.responses.collect import Collected

LISTED = 10  # of each list, on the screen; --json has all
DIFFERENCES = 3
LISTS = {
    "Not read": "problems",
    "Not in the roster": "not_in_roster",
    "Ambiguous": "ambiguous",
    "Without a result": "without_result",
    "Note": "notes",
}
OUTCOMES = {
    "refused": "Nothing was written. Mend what is listed, or go on without it: --allow-missing",
    "unchanged": "Nothing changed in {folder}: all of it was there.",
    "planned": "Would be written to {folder}: {files}",
    "written": "Written to {folder}: {files}",
}


@click.command("import")
@click.argument("quiz")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--from",
    "source",
    type=click.Choice(["moodle", "canvas", "google-forms", "amc", "dlab"]),
    help="Where the files come from; default: found out.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("results"),
    show_default=True,
    help="Where the results go.",
)
@click.option(
    "--roster",
    "roster_path",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="CSV of the course: id, and what the LMS knows students by (email, username).",
)
@click.option(
    "--key-column",
    metavar="COLUMN",
    default="",
    help="Column that says who the student is: its header or its number.",
)
@click.option(
    "--map",
    "mapped",
    metavar="COLUMN=TARGET",
    multiple=True,
    help="What a column is: a question's id, student, started, submitted, score or ignore.",
)
@click.option(
    "--keep",
    type=click.Choice(["first", "last", "best"]),
    help="Which attempt counts of several, from now on; default: new ones are refused.",
)
@click.option(
    "--replace", "is_replacing", is_flag=True, help="Drop what the archive holds of QUIZ first."
)
@click.option(
    "--encoding", metavar="NAME", default="", help="Of files and roster, if not UTF-8 or -16."
)
@click.option(
    "--timezone",
    metavar="NAME",
    default="",
    help="Of times that name none, such as Europe/Berlin; default: this machine's.",
)
@click.option(
    "--allow-missing",
    is_flag=True,
    help="Go on without what cannot be placed; such answers count as wrong.",
)
@click.option("--dry-run", is_flag=True, help="Say what would be written, and write nothing.")
@json_option
@pass_setting
def import_(
    setting: Setting,
    /,
    quiz: str,
    files: tuple[Path, ...],
    *,
    source: str | None,
    out: Path,
    roster_path: Path | None,
    key_column: str,
    mapped: tuple[str, ...],
    keep: str | None,
    is_replacing: bool,
    encoding: str,
    timezone: str,
    allow_missing: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take the responses to QUIZ back from FILES, and score them by dlab's rules.

    FILES are a responses report of Moodle (CSV or JSON, with the question text), a student
    analysis of Canvas, the responses of a Google Form, a CSV of Auto Multiple Choice with what was
    ticked, answers files of `dlab quiz take` (also a folder or a zip of them), or the state file
    of `dlab quiz serve`. What the source scored itself is compared, and never taken over.

    Attempts go to OUT/quizzes/QUIZ/, all of them. Of a student's, --keep says which one counts; one
    that ended late counts only where it is asked for. The same file again changes nothing. Whatever
    cannot be placed is listed, and then nothing is written.

    \b
    Examples:
      dlab quiz import session1-pre responses.csv --roster roster.csv
      dlab quiz import session1-pre answers/ --keep first
      dlab quiz import session1-pre form.csv --map 'Your number=student'
      dlab quiz import session1-pre responses.csv --dry-run --json

    \b
    Exit code:
      0  it is in the archive: all, or with --allow-missing what could be placed
      1  something could not be placed, and nothing was written
      2  wrong usage, or a file that cannot be read
      3  the bank itself is broken
    """
    from grader.quiz.archive import Keep, plan_storing, read_archive
    from grader.quiz.merge import refuse_renamed
    from grader.quiz.responses.clock import find_zone
    from grader.quiz.responses.collect import collect
    from grader.quiz.responses.sheet import Wish
    from grader.quiz.source import find_quiz
    from grader.roster import read_roster

    course = setting.course()
    asked = find_quiz(course, quiz)
    wish = Wish(
        source=source or "",
        key_column=key_column,
        mapping=_mapping(mapped),
        encoding=encoding,
        zone=find_zone(timezone),
    )
    roster = read_roster(roster_path, encoding) if roster_path else None
    found = collect(files, asked, wish, roster, lambda: _readable_bank(setting))
    policy = Keep(keep) if keep else None
    if roster and not is_replacing:
        refuse_renamed(read_archive(out, asked.quiz_id).attempts, roster)
    plan = plan_storing(out, course.title, asked, found.attempts, policy, is_replacing=is_replacing)
    may_write = bool(found.attempts) and (found.is_complete or allow_missing)
    outcome = _store(plan, may_write=may_write, dry_run=dry_run)
    data = _as_data(asked, found, plan, outcome)
    if as_json:
        click.echo(json.dumps(data, indent=2, ensure_ascii=False))
    else:
        _print(data, plan.files)
    click.get_current_context().exit(EXIT_OK if may_write else EXIT_POINTS_LOST)


def _mapping(mapped: tuple[str, ...]) -> dict[str, str]:
    """Split each COLUMN=TARGET at its last sign: a column's header may have one."""
    pairs = {}
    for text in mapped:
        column, sign, target = text.rpartition("=")
        if not sign or not column.strip() or not target.strip():
            raise click.BadParameter(f"'{text}' is not COLUMN=TARGET", param_hint="--map")
        pairs[column.strip()] = target.strip()
    return pairs


def _readable_bank(setting: Setting) -> "list[Quiz]":
    """Return the quizzes that can be read; what is wrong with others is not the matter here."""
    from grader.quiz.source import parse, quiz_paths

    parsed = (parse(path).quiz for path in quiz_paths(setting.course()))
    return [quiz for quiz in parsed if quiz is not None]


def _store(plan: "Plan", *, may_write: bool, dry_run: bool) -> str:
    """Write if that is wanted; return "refused", "unchanged", "planned" or "written"."""
    if not may_write:
        return "refused"
    if not plan.is_changed:
        return "unchanged"
    if dry_run:
        return "planned"
    plan.write()
    return "written"


def _as_data(quiz: "Quiz", found: "Collected", plan: "Plan", outcome: str) -> dict[str, Any]:
    return {
        "quiz": quiz.quiz_id,
        "sources": list(found.sources),
        "outcome": outcome,
        "folder": str(plan.folder),
        **_numbers(found, plan),
        "max_points": quiz.points,
        "matched": list(found.matched.matched),
        "not_in_roster": list(found.matched.not_in_roster),
        "without_result": list(found.matched.without_result),
        "ambiguous": list(found.matched.ambiguous),
        "problems": [str(issue) for issue in found.issues if issue.is_blocking],
        "not_placed": found.not_placed,
        "missing_questions": list(found.missing),
        "notes": [*(str(i) for i in found.issues if not i.is_blocking), *found.notes],
        "compared": found.compared,
        "differences": [str(difference) for difference in found.differences],
    }


def _numbers(found: "Collected", plan: "Plan") -> dict[str, Any]:
    """Count what these files brought; points are of the attempts that count of their students."""
    mine = {attempt.student for attempt in found.attempts}
    marked = [entry for entry in plan.marked if entry.attempt.student in mine]
    points = [entry.points for entry in marked]
    answers = [answer for entry in marked for answer in entry.marked]
    return {
        "students": len(mine),
        "attempts": len(found.attempts),
        "mean_points": round(sum(points) / len(points), 4) if points else None,
        "answers": len(answers),
        "blank": sum(answer.mark.is_blank for answer in answers),
        "in_archive": len(plan.marked),
    }


def _print(data: dict[str, Any], files: "Iterable[str]") -> None:
    """Print on stderr what could not be placed, and on stdout what it comes to."""
    from grader.text import count_of

    for title, key in LISTS.items():
        _print_list(title, data[key])
    click.echo(f"{data['quiz']} from {', '.join(data['sources'])}:")
    click.echo(f"  students     {data['students']}")
    click.echo(f"  attempts     {data['attempts']}")
    if data["mean_points"] is not None:
        click.echo(f"  mean         {data['mean_points']:.2f} of {data['max_points']} points")
        click.echo(f"  blank        {data['blank']} of {data['answers']} answers")
    if data["not_placed"]:
        click.echo(f"  not placed   {count_of(data['not_placed'], 'answer')}, counted as wrong")
    if data["missing_questions"]:
        names = ", ".join(data["missing_questions"])
        click.echo(f"  no column    {names}: blank for everybody")
    if data["compared"]:
        count = len(data["differences"])
        click.echo(f"  differences  {count} of {data['compared']} scores of the source")
    for difference in data["differences"][:DIFFERENCES]:
        click.echo(f"    {difference}")
    said = OUTCOMES[data["outcome"]].format(folder=data["folder"], files=", ".join(files))
    click.echo(said, err=data["outcome"] == "refused")


def _print_list(title: str, lines: list[str]) -> None:
    if not lines:
        return
    click.echo(f"{title} ({len(lines)}):", err=True)
    for line in lines[:LISTED]:
        click.echo(f"  {line}", err=True)
    if len(lines) > LISTED:
        click.echo(f"  ... and {len(lines) - LISTED} more; --json lists all", err=True)
