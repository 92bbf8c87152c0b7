"""What every source's file comes down to before it meets the bank, and what reading it gives."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo

from grader.errors import RequestError
from grader.quiz.attempt import Attempt
from grader.quiz.model import Quiz
from grader.quiz.responses.match import Style
from grader.table import Row, Table

FIELDS = ("student", "started", "submitted", "score", "ignore")
NOWHERE = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What whoever imports may say.

    Attributes:
        source: Name of the source; empty to find out.
        key_column: The column that says who the student is; empty to find out.
        mapping: Column (its header, or its number from 1) to a question's id or one of FIELDS.
        encoding: Of the file; empty to find out.
        zone: Where the source's times are, if they do not say; None for the machine's.
    """

    source: str = ""
    key_column: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    encoding: str = ""
    zone: tzinfo | None = None

    @property
    def names_questions(self) -> bool:
        """Whether the user said which columns have answers."""
        return any(target not in FIELDS for target in self.mapping.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column with answers.

    Attributes:
        name: What messages call it.
        answer: Its place in a row, from 0.
        text: What tells the question: an id or its text; empty if only the order does.
        text_at: Where each row has the question's text, if the row decides.
        part: The left side, or the step, that the column is for; empty if it is for all.
        points_at: Where a row has the points that the source gave.
        possible: Most points there, 0 if unknown.
        order: Which answer column of the file it is, from 0.
    """

    name: str
    answer: int
    text: str = ""
    text_at: int = NOWHERE
    part: str = ""
    points_at: int = NOWHERE
    possible: float = 0.0
    order: int = NOWHERE


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A source's table, its columns told apart.

    Attributes:
        source: As in Attempt.source.
        columns: With answers, in the order of the file.
        keys: Columns that may say who the student is, the best first.
        score: Where the source's total stands.
        possible: Its maximum; 0 if the cell says it (`8 / 10`) or nobody does.
        asked: How many columns with answers the file has.
        notes: What was left out, a line each.
    """

    source: str
    table: Table
    style: Style
    columns: tuple[Column, ...] = ()
    keys: tuple[int, ...] = ()
    started: int = NOWHERE
    submitted: int = NOWHERE
    score: int = NOWHERE
    possible: float = 0.0
    asked: int = 0
    notes: tuple[str, ...] = ()

    def cell(self, row: Row, place: int) -> str:
        """Return a cell without spaces around it; empty if the column is not there."""
        return row.cells[place].strip() if place >= 0 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """What could not be read or matched.

    Attributes:
        place: File and line.
        count: How many rows have it; the place is the first.
        is_blocking: Whether something of a student's would be lost by going on.
        is_answer: Whether that is one answer a row; it earns nothing then.
    """

    place: str
    message: str
    count: int = 1
    is_blocking: bool = True
    is_answer: bool = False

    def __str__(self) -> str:
        """Write it as compilers do."""
        tail = f" ({self.count} rows)" if self.count > 1 else ""
        return f"{self.place}: {self.message}{tail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceScore:
    """What the source itself gave for an attempt, or for one question of it.

    Attributes:
        question_id: Empty for the whole attempt.
        fraction: Of the points there, in about [0, 1].
        slack: How far rounding alone may move the fraction.
        shown: As the source wrote it.
    """

    fraction: float
    slack: float
    shown: str
    question_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitting:
    """One attempt as a file has it; who it belongs to is not known yet.

    Attributes:
        place: File and line.
        keys: What may say who the student is: column to cell.
        attempt: With an empty student.
    """

    place: str
    keys: Mapping[str, str]
    attempt: Attempt
    scores: tuple[SourceScore, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one file gave.

    Attributes:
        seen: Ids of the quiz's questions that the file has.
        fitting: How many answers fit one of the options of their question.
        unfit: How many fit none.
        is_by_order: Whether questions were told by the order of columns only.
        names_quiz: Whether the file says which quiz it is of, and leaves out what is blank.
    """

    source: str
    sittings: tuple[Sitting, ...]
    issues: tuple[Issue, ...] = ()
    notes: tuple[str, ...] = ()
    seen: frozenset[str] = frozenset()
    fitting: int = 0
    unfit: int = 0
    is_by_order: bool = False
    names_quiz: bool = False

    def fitness(self, quiz: Quiz) -> float:
        """Return how well the file fits a quiz, in [0, 1]; answers tell where no question does."""
        share = len(self.seen) / max(1, len(quiz.entries))
        if not self.is_by_order:
            return share
        return share * (self.fitting + 1) / (self.fitting + self.unfit + 1)


def find_column(table: Table, wanted: str) -> int:
    """Return the place of a column named by its header or by its number from 1.

    Raises:
        RequestError: If there is none, or two; lists what there is.
    """
    folded = wanted.strip().casefold()
    places = [place for place, name in enumerate(table.head) if name.casefold() == folded]
    if len(places) == 1:
        return places[0]
    if not places and folded.isdecimal() and 1 <= int(folded) <= len(table.head):
        return int(folded) - 1
    if places:
        raise RequestError(
            f"{table.name}: {len(places)} columns are called '{wanted}'; give its number, "
            f"{' or '.join(str(place + 1) for place in places)}."
        )
    names = ", ".join(f"'{name[:30]}'" for name in table.head[:12])
    raise RequestError(f"{table.name} has no column '{wanted}'. There are: {names}.")


def apply_wish(sheet: Sheet, wish: Wish) -> Sheet:
    """Let what the user said about columns win over what was found.

    Raises:
        RequestError: If a column is not there.
    """
    for name, target in wish.mapping.items():
        sheet = _mapped(sheet, find_column(sheet.table, name), target)
    if wish.key_column:
        sheet = replace(sheet, keys=(find_column(sheet.table, wish.key_column),))
    return sheet


def _mapped(sheet: Sheet, place: int, target: str) -> Sheet:
    rest = tuple(column for column in sheet.columns if column.answer != place)
    if target == "student":
        return replace(sheet, columns=rest, keys=(place,))
    if target == "started":
        return replace(sheet, columns=rest, started=place)
    if target == "submitted":
        return replace(sheet, columns=rest, submitted=place)
    if target == "score":
        return replace(sheet, columns=rest, score=place)
    if target == "ignore":
        return replace(sheet, columns=rest)
    named = next((column for column in sheet.columns if column.answer == place), None)
    named = named or Column(name=sheet.table.head[place], answer=place)
    named = replace(named, text=target, text_at=NOWHERE)
    columns = sorted((*rest, named), key=lambda column: column.answer)
    return replace(sheet, columns=tuple(columns))
