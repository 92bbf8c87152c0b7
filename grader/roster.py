"""Who takes the course, and who is meant by a key: found by ids, never by name or by a guess."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from grader.errors import RequestError
from grader.table import decode, read_content, read_table
from grader.text import one_line

# What a column may be called, without case, spaces and signs; the first that is there counts.
HEADINGS: Mapping[str, tuple[str, ...]] = {
    "student_id": (
        *("studentid", "idnumber", "studentnumber", "sisuserid", "orgdefinedid"),
        *("matriculationnumber", "id", "number", "student", "username", "login"),
    ),
    "username": ("username", "login", "loginid", "sisloginid", "user", "account"),
    "email": ("email", "emailaddress", "mail"),
    "name": ("fullname", "name", "studentname", "student"),
    "first": ("firstname", "givenname"),
    "last": ("lastname", "surname", "familyname"),
    "section": ("section", "group"),
    "canvas_id": ("canvasid", "canvasuserid"),
    "lti_id": ("ltiuserid", "ltiid"),
    "pseudonym": ("pseudonym", "studentkey"),
    "accommodation": ("accommodation", "extratime", "timefactor"),
}
UNIQUE = ("student_id", "username", "email", "canvas_id", "lti_id", "pseudonym")
ROUNDED = re.compile(r"\d[.,]\d+E\+\d+", re.IGNORECASE)  # a long id, after a spreadsheet had it
MOST_TIME = 10
_IN_A_GRADEBOOK = {"student": "name", "id": "canvasid"}  # what these two are in Canvas' own file


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who somebody is.

    Attributes:
        student_id: As the roster has it; without a roster, as the results have it.
        canvas_id: Canvas' own number.
        lti_id: What an LTI platform calls the student.
        pseudonym: Under which tests may be stored.
        accommodation: Factor on the time limit of tests.
    """

    student_id: str
    username: str = ""
    email: str = ""
    name: str = ""
    section: str = ""
    canvas_id: str = ""
    lti_id: str = ""
    pseudonym: str = ""
    accommodation: float = 1.0


@dataclass(frozen=True, kw_only=True)
class Roster:
    """Who takes the course, in the order of the file.

    Attributes:
        name: What messages call the file.
    """

    name: str
    people: tuple[Identity, ...]

    @cached_property
    def _owners(self) -> Mapping[tuple[str, bool], Mapping[str, None]]:
        """Who is called what; the second part of a key is whether case counts."""
        owners: dict[tuple[str, bool], dict[str, None]] = {}
        for one in self.people:
            ids = (one.student_id, one.pseudonym, one.canvas_id, one.lti_id)
            logins = (fold(one.username), fold(one.email))
            for form in (*((text, True) for text in ids), *((text, False) for text in logins)):
                owners.setdefault(form, {})[one.student_id] = None
        return owners

    def find(self, key: str) -> tuple[str, ...]:
        """Return the ids of all who may be meant: one if all is well, several if it is ambiguous.

        Ids must be equal, but for spaces around them and kinds of Unicode; user names and e-mails
        may differ in case.
        """
        if not key.strip():
            return ()
        forms = ((as_id(key), True), (fold(key), False))
        return tuple({name: None for form in forms for name in self._owners.get(form, ())})

    def resembling(self, key: str) -> str:
        """Return the only id that differs in leading zeros or case; empty if there is none."""
        found = [p.student_id for p in self.people if bare(p.student_id) == bare(key) != ""]
        return found[0] if len(found) == 1 else ""


def as_id(text: str) -> str:
    """Return an id in its one form: composed characters, nothing around it; case stays."""
    return unicodedata.normalize("NFC", text).strip()


def fold(text: str) -> str:
    """Return a user name or an address without its case."""
    return as_id(text).casefold()


def bare(text: str) -> str:
    """Return what is left of an id where case and leading zeros are lost: to suggest it only."""
    return fold(text).lstrip("0")


def is_printable(text: str) -> bool:
    """Whether every character of an id can stand in a line of a file."""
    return all(
        unicodedata.category(character) not in ("Cc", "Cs", "Zl", "Zp") for character in text
    )


def read_roster(path: Path, encoding: str | None = None) -> Roster:
    """Read a CSV with one student a line: ours, or what Moodle, Canvas or Brightspace export.

    Args:
        path: The file.
        encoding: As for table.decode.

    Raises:
        RequestError: If it cannot be read, has no column of ids, or names a student twice.
    """
    return parse_roster(read_content(path), path.name, encoding)


def parse_roster(content: bytes, name: str, encoding: str | None = None) -> Roster:
    """Read the bytes of a roster; see read_roster."""
    table = read_table(decode(content, name, encoding), name, least_columns=1)
    places = _places(table.head, name)
    people = {
        row.line: _person(row.cells, places, table.place(row))
        for row in table.rows
        if not _is_of_canvas(row.cells)
    }
    if not people:
        raise RequestError(f"{name}: there is no student in it.")
    _refuse_twins(people, name)
    return Roster(name=name, people=tuple(people.values()))


def squeezed(heading: str) -> str:
    """Return a heading as HEADINGS has it."""
    return re.sub(r"[\W_]+", "", heading.casefold())


def _places(header: Sequence[str], name: str) -> dict[str, int]:
    """Return where each kind of identity stands."""
    heads = [squeezed(cell) for cell in header]
    known = dict(HEADINGS)
    if {"student", "id", "section"} <= set(heads):
        heads = [_IN_A_GRADEBOOK.get(cell, cell) for cell in heads]
        known["student_id"] = ("sisuserid", "sisloginid")
    places = {
        kind: next(heads.index(one) for one in names if one in heads)
        for kind, names in known.items()
        if any(one in heads for one in names)
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
    found = dict.fromkeys(HEADINGS, "") | {kind: one_line(row[at]) for kind, at in places.items()}
    username = as_id(found["username"].removeprefix("#"))
    student_id = as_id(found["student_id"].removeprefix("#")) or username
    if not student_id:
        raise RequestError(f"{where}: there is no student id in this line.")
    if ROUNDED.fullmatch(student_id):
        raise RequestError(
            f"{where}: the id '{student_id}' was rounded by a spreadsheet; export the roster again."
        )
    if not is_printable(as_id(row[places["student_id"]])):
        raise RequestError(f"{where}: the id holds a character that cannot be written.")
    if " " in student_id:
        raise RequestError(
            f"{where}: '{student_id}' is a name and no student id; call the column of ids 'id'."
        )
    canvas_id = found["canvas_id"]
    if canvas_id and not (canvas_id.isascii() and canvas_id.isdigit()):
        raise RequestError(f"{where}: a Canvas id is a whole number, not '{canvas_id}'.")
    return Identity(
        student_id=student_id,
        username=username,
        email=as_id(found["email"]),
        name=found["name"] or f"{found['first']} {found['last']}".strip(),
        section=found["section"],
        canvas_id=canvas_id.lstrip("0"),
        lti_id=as_id(found["lti_id"]),
        pseudonym=as_id(found["pseudonym"]),
        accommodation=_factor(found["accommodation"], where),
    )


def _factor(text: str, where: str) -> float:
    try:
        factor = float(text.replace(",", ".") or 1)
    except ValueError:
        factor = 0.0
    if not 1 <= factor <= MOST_TIME:  # not a number is refused too
        raise RequestError(f"{where}: accommodation is a factor on the time, not '{text}'.")
    return factor


def _refuse_twins(people: Mapping[int, Identity], name: str) -> None:
    for kind in UNIQUE:
        seen: dict[str, int] = {}
        for line, person in people.items():
            text = getattr(person, kind)
            other = seen.setdefault(text.casefold(), line)
            if text and other != line:
                word = kind.replace("_", " ")
                raise RequestError(
                    f"{name}:{line}: the {word} '{text}' is in line {other} already; keep one."
                )
