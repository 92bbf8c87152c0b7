"""Fills the gradebook that Canvas exported: its columns, rows and ids stay as they are."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from grader.course_book import Book, Cell, Column, Row, find_column
from grader.errors import RequestError
from grader.grades.cells import plain, to_csv
from grader.grades.target import GradeWish, Sheet, titles
from grader.roster import Identity, as_id, bare
from grader.table import decode, read_rows
from grader.text import one_line

HEADS = (
    ("Student", "ID", "Section"),
    ("Student", "ID", "SIS Login ID", "Section"),
    ("Student", "ID", "SIS User ID", "SIS Login ID", "Section"),
    ("Student", "ID", "SIS User ID", "SIS Login ID", "Root Account", "Section"),
    ("Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Section"),
    ("Student", "ID", "SIS User ID", "SIS Login ID", "Integration ID", "Root Account", "Section"),
)
EXCUSED = "EX"
_NUMBER = re.compile(r"\s*\(\d+\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Gradebook:
    """Canvas' file.

    Attributes:
        head: The columns that say who somebody is.
        lines: Places of the rows of students in `rows`.
        possible: The row of points possible; empty if there is none.
    """

    name: str
    rows: tuple[tuple[str, ...], ...]
    head: tuple[str, ...]
    lines: tuple[int, ...]
    possible: tuple[str, ...]

    def cell(self, line: int, heading: str) -> str:
        """Return what a student's row has under a heading; nothing if there is no such column."""
        return self.rows[line][self.head.index(heading)] if heading in self.head else ""


def fill(book: Book, wish: GradeWish) -> Sheet:
    """Put the book's scores into an exported gradebook.

    A cell is changed only where there is a score; somebody whom the teacher has excused stays so.

    Raises:
        RequestError: If it is no gradebook, or does not have an assignment or a student.
    """
    gradebook = read_gradebook(wish.into, wish.into_name)
    for key, _ in wish.picks:
        find_column([column.column_id for column in book.columns], key)
    places = {c.column_id: _find_assignment(gradebook, c, wish) for c in book.columns}
    _refuse_shared(places, gradebook)
    lines, problems = _match(book, gradebook)
    if problems and not wish.allow_missing:
        advice = "Nothing was written. --allow-missing leaves these students out."
        raise RequestError("\n".join([*problems, advice]))
    rows = [list(row) for row in gradebook.rows]
    remarks = list(problems)
    for column_id, place in places.items():
        cells = {
            line: row.cells[column_id] for line, row in lines.items() if column_id in row.cells
        }
        remarks.append(_put(rows, place, cells))
    return Sheet(content=to_csv(rows), remarks=tuple(remarks))


def _put(rows: list[list[str]], place: int, cells: Mapping[int, Cell]) -> str:
    """Write a column's scores; say what was changed."""
    excused = changed = 0
    for line, cell in cells.items():
        old = rows[line][place].strip()
        is_blank = old.upper() in ("", "-", "N/A")
        if old.upper() == EXCUSED:
            excused += 1
        elif is_blank or not cell.is_missing:
            changed += not is_blank and _as_number(old) != cell.points
            rows[line][place] = plain(cell.points)
    text = f"'{rows[0][place]}': {len(cells)} scores, {changed} of them unlike Canvas'"
    return f"{text}; {excused} excused in Canvas and left so." if excused else f"{text}."


def _as_number(text: str) -> float:
    """Read a number as Canvas does: the last comma or point is the decimal mark."""
    whole, mark, rest = max((text.rpartition(","), text.rpartition(".")), key=lambda p: len(p[0]))
    try:
        return float(re.sub(r"[,.]", "", whole) + (f".{rest}" if mark else rest))
    except ValueError:
        return float("nan")


# Reading


def read_gradebook(content: bytes, name: str) -> Gradebook:
    """Read what Canvas exported, with the rules of its own importer.

    Raises:
        RequestError: If Canvas would not take it back.
    """
    found = read_rows(decode(content, name), name)
    rows = tuple(row.cells for row in found)
    header = [cell.strip() for cell in rows[0]]
    heads = [head for head in HEADS if tuple(header[: len(head)]) == head]
    if not heads:
        raise RequestError(
            f"{name}:1: this is not a gradebook of Canvas: its first columns are Student, ID, ..., "
            "Section. Export it with Grades > Export."
        )
    for row in found:
        if len(row.cells) != len(header):
            raise RequestError(
                f"{name}:{row.line}: {len(row.cells)} cells, the header has {len(header)}."
            )
    return Gradebook(
        name=name,
        rows=rows,
        head=heads[-1],
        lines=tuple(n for n, row in enumerate(rows) if n and _is_student(row)),
        possible=next((row for row in rows[1:] if "Points Possible" in row[0]), ()),
    )


def _is_student(row: Sequence[str]) -> bool:
    ids = any(cell.strip() for cell in row[1:4])
    return "Points Possible" not in row[0] and row[0].strip() != "Student, Test" and ids


def _find_assignment(gradebook: Gradebook, column: Column, wish: GradeWish) -> int:
    """Return the place of a column's assignment: by its name, with or without Canvas' number."""
    heading = titles([column], GradeWish(now=wish.now, picks=_picks_of(column, wish)))
    is_picked = heading[column.column_id] != one_line(column.title)
    names = [heading[column.column_id]]
    names += [] if is_picked else [column.column_id, column.short_id]
    first = len(gradebook.head)
    header = {place: gradebook.rows[0][place] for place in range(first, len(gradebook.rows[0]))}
    for name in names:
        found = [place for place, text in header.items() if _is_titled(text, name)]
        if len(found) > 1:
            both = " and ".join(f"'{header[place]}'" for place in found)
            raise RequestError(
                f"{gradebook.name}: {both} could be '{name}'; say which: "
                f"--columns '{column.column_id}:{header[found[0]]}'."
            )
        if found:
            _refuse_other_maximum(gradebook, column, found[0])
            return found[0]
    raise RequestError(
        f"{gradebook.name} has no assignment '{names[0]}' for {column.column_id}. It has: "
        f"{'; '.join(header.values()) or 'none'}. Say which one it is with "
        f"--columns '{column.column_id}:...', or leave it out with --only."
    )


def _picks_of(column: Column, wish: GradeWish) -> tuple[tuple[str, str], ...]:
    own = (column.column_id, column.short_id)
    return tuple((column.column_id, text) for key, text in wish.picks if key in own)


def _is_titled(text: str, name: str) -> bool:
    whole, wanted = one_line(text).casefold(), name.casefold()
    return wanted in (whole, _NUMBER.sub("", whole))


def _refuse_other_maximum(gradebook: Gradebook, column: Column, place: int) -> None:
    text = gradebook.possible[place].strip() if gradebook.possible else ""
    title = gradebook.rows[0][place]
    if "read only" in text:
        raise RequestError(f"{gradebook.name}: '{title}' is read only: Canvas would ignore it.")
    if text and _as_number(text) != column.max_points:
        raise RequestError(
            f"{gradebook.name}: '{title}' is out of {text} points, {column.column_id} out of "
            f"{column.max_points}. Set {column.max_points} in Canvas and export it again."
        )


def _refuse_shared(places: Mapping[str, int], gradebook: Gradebook) -> None:
    seen: dict[int, str] = {}
    for column_id, place in places.items():
        other = seen.setdefault(place, column_id)
        if other != column_id:
            title = gradebook.rows[0][place]
            raise RequestError(f"{other} and {column_id} would both go to '{title}'.")


# Matching


def _match(book: Book, gradebook: Gradebook) -> tuple[dict[int, Row], list[str]]:
    """Return the row of the book for each line of a student, and who has none or several."""
    lines: dict[int, Row] = {}
    problems, absent = [], []
    for row in (row for row in book.rows if row.cells):
        student = row.identity.student_id
        found = [line for line in gradebook.lines if _is_line_of(gradebook, line, row.identity)]
        if len(found) == 1 and found[0] not in lines:
            lines[found[0]] = row
        elif found:
            shown = " and ".join(str(line + 1) for line in found)
            problems.append(f"{gradebook.name}: '{student}' is ambiguous: line {shown}.")
        else:
            absent.append(f"'{student}'{_guess(gradebook, row)}")
    if absent:
        problems.append(f"{gradebook.name} does not have {', '.join(absent)}.")
    return lines, problems


def _is_line_of(gradebook: Gradebook, line: int, person: Identity) -> bool:
    login = as_id(gradebook.cell(line, "SIS Login ID")).casefold()
    names = [person.username, person.email]
    names += [] if any(names) else [person.student_id]
    return (
        (bool(person.canvas_id) and person.canvas_id == gradebook.cell(line, "ID").strip())
        or person.student_id == as_id(gradebook.cell(line, "SIS User ID"))
        or (bool(login) and login in [name.casefold() for name in names if name])
    )


def _guess(gradebook: Gradebook, row: Row) -> str:
    for line in gradebook.lines:
        for heading in ("SIS User ID", "SIS Login ID"):
            known = as_id(gradebook.cell(line, heading))
            if known and bare(known) == bare(row.identity.student_id):
                return f" (did you mean '{known}'?)"
    return ""
