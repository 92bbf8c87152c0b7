"""Who is in the course: a CSV with the student ids that results are stored under.

Besides the id it may have columns with an e-mail address, a login, and further ids (of an LMS);
names are for people, and never used to find anybody.
"""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from grader.errors import RequestError
from grader.quiz.responses.tables import Table, decode, read_table

ID_HEADS = ("id", "student", "studentid", "idnumber", "studentnumber", "matriculationnumber")
LOGIN_HEADS = ("username", "login", "user", "account", "pseudonym")
AMBIGUOUS = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The course's students.

    Attributes:
        students: Their ids, in the order of the file.
        keys: What may stand for a student, folded, to the id; AMBIGUOUS if for several.
    """

    students: tuple[str, ...]
    keys: Mapping[str, str]

    def find(self, key: str) -> str | None:
        """Return the student's id; AMBIGUOUS if it may be several, None if it is nobody's."""
        return self.keys.get(fold(key)) if key.strip() else None

    def resembling(self, key: str) -> str:
        """Return the student whose id differs in leading zeros only; empty if there is none."""
        plain = fold(key).lstrip("0")
        found = [name for name in self.students if plain and fold(name).lstrip("0") == plain]
        return found[0] if len(found) == 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Matched:
    """How results and roster fit.

    Attributes:
        matched: Students with a result.
        not_in_roster: What stands in the results and is nobody's, with its place.
        without_result: Students without a result.
        ambiguous: What stands in the results and may be several students', with its place.
    """

    matched: tuple[str, ...] = ()
    not_in_roster: tuple[str, ...] = ()
    without_result: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()


def fold(key: str) -> str:
    """Return a key without what does not count: spaces around it, case, kinds of Unicode."""
    return unicodedata.normalize("NFC", key).strip().casefold()


def read_roster(path: Path, encoding: str = "") -> Roster:
    """Read a roster.

    Raises:
        RequestError: If it cannot be read, has no ids, or an id twice.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RequestError(f"The roster {path} cannot be read: {error.strerror}.") from error
    table = read_table(decode(content, path.name, encoding), path.name, least_columns=1)
    id_at = _id_at(table)
    others = [place for place, name in enumerate(table.head) if _is_key(name) and place != id_at]
    students: dict[str, str] = {}
    for row in table.rows:
        name = row.cells[id_at].strip()
        if not name:
            raise RequestError(f"{table.place(row)}: the student has no id.")
        if fold(name) in students:
            raise RequestError(f"{table.place(row)}: the id '{name}' is there twice.")
        students[fold(name)] = name
    further = ((row.cells[at], row.cells[id_at]) for at in others for row in table.rows)
    return Roster(students=tuple(students.values()), keys=_keys(students, further))


def _keys(students: Mapping[str, str], further: Iterable[tuple[str, str]]) -> dict[str, str]:
    keys = dict(students)
    for key, name in further:
        if key.strip():
            other = keys.setdefault(fold(key), name.strip())
            if other != name.strip():
                keys[fold(key)] = AMBIGUOUS
    return keys


def _plain(name: str) -> str:
    return "".join(letter for letter in name.casefold() if letter.isalpha())


def _id_at(table: Table) -> int:
    names = [_plain(name) for name in table.head]
    place = next((names.index(known) for known in ID_HEADS if known in names), None)
    if place is None:
        raise RequestError(
            f"{table.name} has no column with student ids: call it 'id'. It may have 'email', "
            "'username' and ids of an LMS beside it."
        )
    return place


def _is_key(name: str) -> bool:
    plain = _plain(name)
    return "mail" in plain or plain.endswith("id") or plain in (*LOGIN_HEADS, *ID_HEADS)
