"""`dlab export`: grades of labs and quizzes, for an LMS, a spreadsheet or a program."""

import csv
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import json_option
from cli.screen import Screen, table
from cli.setting import Setting, pass_setting

if TYPE_CHECKING:
    from grader.course_book import Book, Column
    from grader.grades.export import Exported

MAX_NAMES = 12
HEAD = ("column", "max", "scores", "empty", "mean", "title")
Input = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("results"),
    show_default=True,
    help="Where the results are.",
)
@click.option(
    "--to", "target", metavar="TARGET", default="csv", show_default=True, help="See above."
)
@click.option("--roster", type=Input, help="CSV of who takes the course; see above.")
@click.option("--into", type=Input, help="Canvas: the exported gradebook to fill.")
@click.option("--file", type=Input, help="What to write; default: OUT/grades/TARGET.csv.")
@click.option("--only", metavar="ID,...", multiple=True, help="These labs and quizzes only.")
@click.option(
    "--columns",
    metavar="KEY:HEADING,...",
    multiple=True,
    help="csv, xlsx: these columns, in this order. LMS: headings of grades.",
)
@click.option(
    "--for",
    "spreadsheet",
    type=click.Choice(["excel", "excel-comma"]),
    help="csv, long: safe to open in Excel, -comma where it writes 1,5.",
)
@click.option("--count-late", "has_late", is_flag=True, help="Count sittings that ended late.")
@click.option(
    "--missing-as-zero", "is_zero_missing", is_flag=True, help="0 where nothing was handed in."
)
@click.option(
    "--allow-missing", is_flag=True, help="Leave out students whom roster or gradebook lacks."
)
@json_option
@pass_setting
def export(
    setting: Setting,
    /,
    out: Path,
    target: str,
    roster: Path | None,
    into: Path | None,
    file: Path | None,
    *,
    only: tuple[str, ...],
    columns: tuple[str, ...],
    spreadsheet: str | None,
    has_late: bool,
    is_zero_missing: bool,
    allow_missing: bool,
    as_json: bool,
) -> None:
    """Write the grades of labs and quizzes for an LMS or a spreadsheet.

    \b
    TARGET is one of
      csv, xlsx     a row a student, a column a lab or quiz
      long, jsonl   a row an answer or check
      moodle        CSV for Moodle's grade import
      canvas        CSV for Canvas' gradebook
      brightspace   CSV for D2L's grade import
      lti-ags       JSON Lines of scores to POST

    Students are matched by id, user name, e-mail or pseudonym, never by name.
    The roster has one of them a line, under headings such as id, name, email,
    username, section, canvas_id, lti_user_id, pseudonym; what Moodle, Canvas and
    Brightspace export is one. Whoever has results and is not on it stops the
    export, and nothing is written.

    Missing work is empty, not 0. A score that is withheld, late or not graded is
    empty whatever is asked for, and named.

    \b
    Examples:
      dlab export
      dlab export --to moodle --roster students.csv --only lab1,session1-pre
      dlab export --to canvas --into canvas_export.csv
      dlab export --to csv --columns id:ID,total:Grade --file grades.csv
      dlab export --to csv --for excel

    \b
    Exit code:
      0  written             3  a quiz of the bank is broken
      2  wrong usage, no results, or a student is not known; nothing is written
    """
    from datetime import UTC, datetime

    from grader.grades.cells import Spreadsheet
    from grader.grades.export import Order, export_grades

    order = Order(
        out=out,
        target=target,
        now=datetime.now(UTC),
        file=file,
        roster=roster,
        into=into,
        only=tuple(name for text in only for name in _split(text)),
        picks=tuple(_pick(entry) for text in columns for entry in _split(text)),
        spreadsheet=Spreadsheet(spreadsheet or "none"),
        has_late=has_late,
        is_zero_missing=is_zero_missing,
        allow_missing=allow_missing,
    )
    exported = export_grades(setting.course(), order)
    if as_json:
        click.echo(json.dumps(_as_data(exported), indent=2))
    else:
        _print(exported, setting)


def _split(text: str) -> list[str]:
    """Split a list at its commas; a heading with a comma stands in quotes."""
    return [entry.strip() for row in csv.reader([text]) for entry in row if entry.strip()]


def _pick(text: str) -> tuple[str, str]:
    key, _, heading = text.partition(":")
    return key.strip(), heading.strip() or key.strip()


def _print(exported: "Exported", setting: Setting) -> None:
    book = exported.joined.book
    width = Screen(setting).width
    for line in table(HEAD, [_row(book, column) for column in book.columns], width):
        click.echo(line)
    click.echo(f"\nWrote {exported.path}: {len(exported.joined.matched)} students with results.")
    for line in _notes(exported):
        click.echo(line, err=True)


def _row(book: "Book", column: "Column") -> tuple[str, ...]:
    key = column.column_id
    points = [row.cells[key].points for row in book.rows if key in row.cells]
    mean = f"{sum(points) / len(points):.2f}" if points else ""
    counts = (column.max_points, len(points), len(book.rows) - len(points))
    return key, *map(str, counts), mean, column.title


def _notes(exported: "Exported") -> list[str]:
    joined = exported.joined
    notes = list(exported.remarks)
    gaps = _gaps(joined.book)
    counts = Counter((gap["column"], gap["kind"]) for gap in gaps)
    for column, kind in counts:
        names = [gap["student"] for gap in gaps if (gap["column"], gap["kind"]) == (column, kind)]
        notes.append(f"{column}: {kind}, so left empty: {_listed(names)}.")
    lists: tuple[tuple[str, Sequence[str]], ...] = (
        ("On the roster, without a result", joined.without),
        ("Left out, not on the roster", tuple(joined.strangers)),
        ("Left out, ambiguous", tuple(joined.ambiguous)),
    )
    return notes + [f"{text}: {_listed(names)}." for text, names in lists if names]


def _listed(names: Sequence[str]) -> str:
    rest = len(names) - MAX_NAMES
    return ", ".join(names[:MAX_NAMES]) + (f" and {rest} more" if rest > 0 else "")


def _gaps(book: "Book") -> list[dict[str, str]]:
    """Return what has no score, column by column."""
    return [
        {
            "column": column.column_id,
            "student": row.identity.student_id,
            "kind": row.gaps[column.column_id].kind.value,
            "reason": row.gaps[column.column_id].reason,
        }
        for column in book.columns
        for row in book.rows
        if column.column_id in row.gaps
    ]


def _as_data(exported: "Exported") -> dict[str, object]:
    joined = exported.joined
    return {
        "written": str(exported.path),
        "target": exported.target,
        "columns": [
            {
                "id": column.column_id,
                "title": column.title,
                "kind": column.kind.value,
                "max_points": column.max_points,
                "scores": sum(column.column_id in row.cells for row in joined.book.rows),
            }
            for column in joined.book.columns
        ],
        "matched": list(joined.matched),
        "not_in_roster": dict(joined.strangers),
        "without_result": list(joined.without),
        "ambiguous": dict(joined.ambiguous),
        "without_score": _gaps(joined.book),
        "remarks": list(exported.remarks),
    }
