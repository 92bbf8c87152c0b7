"""Gives each row of results to somebody on the roster, and says who is left over."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from grader.course_book import Book, Row
from grader.roster import Identity, Roster


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


def join(book: Book, roster: Roster) -> Joined:
    """Give every row to whom it belongs.

    Who is meant by an id of the results says Roster.find; what is like an id is only suggested.
    """
    people = {person.student_id: person for person in roster.people}
    owned: dict[str, list[Row]] = {student_id: [] for student_id in people}
    strangers: dict[str, str] = {}
    ambiguous: dict[str, str] = {}
    for row in (row for row in book.rows if not row.is_empty):
        key = row.identity.student_id
        owners = roster.find(key)
        if len(owners) == 1:
            owned[owners[0]].append(row)
        elif owners:
            ambiguous[key] = f"{roster.name} has it for {' and '.join(map(repr, owners))}"
        else:
            strangers[key] = roster.resembling(key)
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
