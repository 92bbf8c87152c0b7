"""Canvas' gradebook import by the rules of its importer; nothing of dlab in it."""

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field


class RefusedError(Exception):
    """The upload fails."""


@dataclass(frozen=True)
class Student:
    """Somebody in the Canvas course."""

    number: int
    name: str
    sis_id: str = ""
    login: str = ""


@dataclass
class Upload:
    """What Canvas shows before it commits.

    Attributes:
        scores: By the student's number and the assignment's title; "EX" if excused.
        missing: Names in rows that match nobody.
        created: Points possible of assignments that Canvas would make, by title.
    """

    scores: dict[int, dict[str, float | str]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    created: dict[str, str] = field(default_factory=dict)


HEADS = re.compile(
    r"Student,ID,(Section|SIS Login ID,Section"
    r"|SIS User ID,SIS Login ID,(Integration ID,)?(Root Account,)?Section)(,|$)"
)
IGNORED = [
    f"{which} {what}"
    for which in ("Current", "Final", "Unposted Current", "Unposted Final", "Override")
    for what in ("Score", "Grade", "Points")
]


def upload(content: bytes, students: Sequence[Student], assignments: dict[int, str]) -> Upload:
    """Read a file as Canvas would.

    Args:
        content: The file.
        students: Of the course.
        assignments: Title by number.
    """
    rows = _table(content)
    header = rows[0]
    if len(header) <= 3 or not HEADS.match(",".join(header)):
        raise RefusedError("Invalid header row")
    first = header.index("Section") + 1
    places = {n: t for n, t in enumerate(header) if n >= first and not _is_ignored(t)}
    found = Upload()
    possible: list[str] = []
    for row in rows[1:]:
        cells = [*row, *[""] * (len(header) - len(row))]
        if "Points Possible" in cells[0]:
            possible = cells
            places = {n: t for n, t in places.items() if "read only" not in cells[n]}
        elif any(text and not text.startswith(("Muted", "Manual Posting")) for text in cells):
            _take(found, cells, header, places, students, assignments)
    titles = {_assignment(text, assignments): n for n, text in places.items()}
    for title in titles.keys() - set(assignments.values()):
        found.created[title] = possible[titles[title]] if possible else ""
    return found


def _is_ignored(title: str) -> bool:
    return any(text in title for text in IGNORED)


def _take(found, cells, header, places, students, assignments) -> None:
    student = _student(dict(zip(header, cells, strict=True)), students)
    if student is None:
        found.missing.append(cells[0])
        return
    scores = found.scores.setdefault(student.number, {})
    for place, title in places.items():
        text = cells[place].strip()
        if text.upper() == "EX":
            scores[_assignment(title, assignments)] = "EX"
        elif text not in ("", "-", "N/A"):
            scores[_assignment(title, assignments)] = number(text)


def _student(cells: dict[str, str], students: Sequence[Student]) -> Student | None:
    canvas_id = re.match(r"\d*", cells["ID"].strip())[0]  # to_i: what begins with digits is one
    sis, login = cells.get("SIS User ID", "").strip(), cells.get("SIS Login ID", "").strip()
    name = re.sub(r'^="(.*)"$', r"\1", cells["Student"])
    rules = (
        lambda s: bool(canvas_id) and s.number == int(canvas_id),
        lambda s: bool(sis) and s.sis_id == sis,
        lambda s: bool(login) and s.login.casefold() == login.casefold(),
        lambda s: s.name == name,
    )
    return next((s for rule in rules for s in students if rule(s)), None)


def _assignment(text: str, assignments: dict[int, str]) -> str:
    numbered = re.search(r"\((\d+)\)\s*$", text)
    return assignments.get(int(numbered[1]), text) if numbered else text


def number(text: str) -> float:
    """Read a number: the last comma or point is the decimal mark. Two decimals count."""
    digits = re.sub(r"[,.](?=.*[,.])", "", text).replace(",", ".")
    if not re.fullmatch(r"-?\d*\.?\d+", digits):
        raise RefusedError(f"not a score: {text}")
    return round(float(digits), 2)


def _table(content: bytes) -> list[list[str]]:
    if content.startswith(b'\xef\xbb\xbf"'):
        raise RefusedError("Illegal quoting in line 1")
    try:
        text = content.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError as error:
        raise RefusedError("invalid byte sequence in UTF-8") from error
    if "\r\n" in text and re.search(r"(?<!\r)\n", text):
        raise RefusedError("line ends are mixed")
    lines = text.splitlines()[:3]
    counts = {mark: [len(row) for row in csv.reader(lines, delimiter=mark)] for mark in ",;"}
    is_constant = len(set(counts[";"])) == 1
    mark = ";" if is_constant and counts[";"][0] > counts[","][0] else ","
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=mark, strict=True))
    except csv.Error as error:
        raise RefusedError(str(error)) from error
