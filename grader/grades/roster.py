"""Reads who takes the course, and finds out whose results are whose: by id, never by name."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from grader.course_book import Book, Identity, Row, as_id, is_printable
from grader.errors import RequestError
from grader.grades.cells import one_line, read_csv

# What a column may be called, without case, spaces and signs; the first that is there counts.
NAMES: Mapping[str, tuple[str, ...]] = {
    "student_id": (
        *("studentid", "idnumber", "studentnumber", "sisuserid", "orgdefinedid"),
        *("matriculationnumber", "id", "number", "student", "username", "login"),
    ),
    "username": ("username", "login", "loginid", "sisloginid", "user"),
    "email": ("email", "emailaddress", "mail"),
    "name": ("fullname", "name", "studentname", "student"),
    "first": ("firstname", "givenname"),
    "last": ("lastname", "surname", "familyname"),
    "section": ("section", "group"),
    "canvas_id": ("canvasid", "canvasuserid"),
    "lti_id": ("ltiuserid", "ltiid"),
    "pseudonym": ("pseudonym", "studentkey"),
}
_IN_A_GRADEBOOK = {"student": "name", "id": "canvas_id"}  # what these two are in Canvas' own file
_DAMAGED = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """Who takes the course, in the order of the file."""

    name: str
    people: tuple[Identity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What became of a book when names were put to it.

    Attributes:
        book: A row for everybody on the roster, and for nobody else.
        matched: Ids of those on the roster who have results.
        strangers: Who has results and is not on the roster, with an id that may be meant.
        without: Ids of those on the roster who have none.
        ambiguous: Whose results cannot be told apart, and why.
    """

    book: Book
    roster: str = ""
    matched: tuple[str, ...] = ()
    strangers: Mapping[str, str]
    without: tuple[str, ...] = ()
    ambiguous: Mapping[str, str]

    def problems(self) -> tuple[str, ...]:
        """Return one line for each reason not to write grades."""
        lines = []
        if self.strangers:
            shown = ", ".join(_with_guess(*entry) for entry in sorted(self.strangers.items()))
            lines.append(f"Not in {self.roster}: {shown}.")
        lines += [f"'{key}' is ambiguous: {why}." for key, why in sorted(self.ambiguous.items())]
        if not lines:
            return ()
        known = f"matched: {len(self.matched)}, without a result: {len(self.without)}"
        lines.append(
            f"Nothing was written ({known}). Mend the roster, or leave these students out with "
            "--allow-missing."
        )
        return tuple(lines)


def _with_guess(key: str, guess: str) -> str:
    return f"'{key}' (did you mean '{guess}'?)" if guess else f"'{key}'"


def unjoined(book: Book) -> Joined:
    """Return a book without a roster: ids are what the results say."""
    have = tuple(row.identity.student_id for row in book.rows if not row.is_empty)
    return Joined(book=book, matched=have, strangers={}, ambiguous={})


# Reading


def read_roster(path: Path) -> Roster:
    """Read a CSV with one student a line: ours, or what Moodle, Canvas or Brightspace export.

    Raises:
        RequestError: If it cannot be read, has no column of ids, or names a student twice.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RequestError(f"{path} cannot be read: {error.strerror}.") from error
    return parse_roster(content, path.name)


def parse_roster(content: bytes, name: str) -> Roster:
    """Read the bytes of a roster; see read_roster."""
    rows = read_csv(content, name)
    places = _places(rows[0], name)
    people: dict[int, Identity] = {}
    for line, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row) and not _is_of_canvas(row):
            people[line] = _person(row, places, f"{name}:{line}")
    if not people:
        raise RequestError(f"{name}: there is no student in it.")
    _refuse_twins(people, name)
    return Roster(name=name, people=tuple(people.values()))


def _squeezed(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def _places(header: Sequence[str], name: str) -> dict[str, int]:
    """Return where each kind of identity stands."""
    squeezed = [_squeezed(cell) for cell in header]
    known = dict(NAMES)
    if {"student", "id", "section"} <= set(squeezed):
        renamed = {old: new for old, new in _IN_A_GRADEBOOK.items() if old in squeezed}
        squeezed = [_squeezed(renamed.get(cell, cell)) for cell in squeezed]
        known["student_id"] = ("sisuserid", "sisloginid")
    places = {
        kind: next(squeezed.index(one) for one in names if one in squeezed)
        for kind, names in known.items()
        if any(one in squeezed for one in names)
    }
    if "student_id" not in places:
        raise RequestError(
            f"{name}:1: there is no column of student ids; call it 'id', beside 'name', 'email', "
            "'username' if you have them."
        )
    if places.get("name") == places["student_id"]:
        del places["name"]
    return places


def _is_of_canvas(row: Sequence[str]) -> bool:
    """Whether a line of Canvas' gradebook is not about a person."""
    rest = [cell for cell in row[1:] if cell.strip()]
    is_notice = not row[0].strip() and all(cell.startswith(("Manual", "Muted")) for cell in rest)
    return is_notice or "Points Possible" in row[0] or row[0].strip() == "Student, Test"


def _person(row: Sequence[str], places: Mapping[str, int], where: str) -> Identity:
    found = {
        kind: one_line(row[place]) if place < len(row) else "" for kind, place in places.items()
    }
    student_id = as_id(found["student_id"].removeprefix("#") or found.get("username", ""))
    if not student_id:
        raise RequestError(f"{where}: there is no student id in this line.")
    if _DAMAGED.fullmatch(student_id):
        raise RequestError(
            f"{where}: the id '{student_id}' was rounded by a spreadsheet; export the roster again."
        )
    if not is_printable(as_id(row[places["student_id"]])):
        raise RequestError(f"{where}: the id holds a character that cannot be written.")
    canvas_id = found.get("canvas_id", "")
    if canvas_id and not (canvas_id.isascii() and canvas_id.isdigit()):
        raise RequestError(f"{where}: a Canvas id is a whole number, not '{canvas_id}'.")
    both = f"{found.get('first', '')} {found.get('last', '')}".strip()
    return Identity(
        student_id=student_id,
        username=as_id(found.get("username", "").removeprefix("#")),
        email=as_id(found.get("email", "")),
        name=found.get("name", "") or both,
        section=found.get("section", ""),
        canvas_id=canvas_id.lstrip("0"),
        lti_id=found.get("lti_id", ""),
        pseudonym=as_id(found.get("pseudonym", "")),
    )


def _refuse_twins(people: Mapping[int, Identity], name: str) -> None:
    for kind in ("student_id", "username", "email", "canvas_id", "lti_id", "pseudonym"):
        seen: dict[str, int] = {}
        for line, person in people.items():
            text = getattr(person, kind)
            other = seen.setdefault(text.casefold(), line)
            if text and other != line:
                word = kind.replace("_", " ")
                raise RequestError(
                    f"{name}:{line}: the {word} '{text}' is in line {other} already; keep one."
                )


# Joining


def join(book: Book, roster: Roster) -> Joined:
    """Give every row to whom it belongs.

    Ids and pseudonyms must be equal; user names and e-mails may differ in case. An id that differs
    by leading zeros only is suggested, never taken.
    """
    people = {person.student_id: person for person in roster.people}
    owned: dict[str, list[Row]] = {student_id: [] for student_id in people}
    strangers: dict[str, str] = {}
    ambiguous: dict[str, str] = {}
    for row in (row for row in book.rows if not row.is_empty):
        key = row.identity.student_id
        owners = [person.student_id for person in roster.people if is_called(person, key)]
        if len(owners) == 1:
            owned[owners[0]].append(row)
        elif owners:
            ambiguous[key] = f"{roster.name} has it for {' and '.join(map(repr, owners))}"
        else:
            strangers[key] = _guess(key, people)
    for student_id, rows in owned.items():
        if why := _clash(student_id, rows):
            ambiguous |= {row.identity.student_id: why for row in rows}
            rows.clear()
    merged = tuple(_merged(people[student_id], rows) for student_id, rows in owned.items())
    return Joined(
        book=replace(book, rows=merged),
        roster=roster.name,
        matched=tuple(row.identity.student_id for row in merged if not row.is_empty),
        strangers=strangers,
        without=tuple(row.identity.student_id for row in merged if row.is_empty),
        ambiguous=ambiguous,
    )


def is_called(person: Identity, key: str) -> bool:
    """Whether a student of the results is this person."""
    is_exact = as_id(key) in (person.student_id, person.pseudonym)
    known = (person.username, person.email)
    return is_exact or as_id(key).casefold() in [text.casefold() for text in known if text]


def _guess(key: str, people: Mapping[str, Identity]) -> str:
    """Return an id that differs by leading zeros or case only."""
    bare = key.lstrip("0").casefold()
    return next((known for known in people if known.lstrip("0").casefold() == bare), "")


def _clash(student_id: str, rows: Sequence[Row]) -> str:
    """Say what one person has twice under two names."""
    seen: dict[str, str] = {}
    for row in rows:
        key = row.identity.student_id
        for column_id in (*row.cells, *row.gaps):
            other = seen.setdefault(column_id, key)
            if other != key:
                return f"'{other}' and '{key}' are both '{student_id}' and both have {column_id}"
    return ""


def _merged(person: Identity, rows: Sequence[Row]) -> Row:
    return Row(
        identity=person,
        cells={key: cell for row in rows for key, cell in row.cells.items()},
        gaps={key: gap for row in rows for key, gap in row.gaps.items()},
    )
