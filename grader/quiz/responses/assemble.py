"""Turns the rows of a sheet into attempts: each cell meets its question."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo

from grader.errors import RequestError
from grader.quiz.attempt import Attempt, Response
from grader.quiz.model import Numeric, Question, Quiz, Short
from grader.quiz.responses.clock import read_time
from grader.quiz.responses.given import points_of, total_of
from grader.quiz.responses.grid import joined, part_fit, settle
from grader.quiz.responses.match import Finder, Fit, Reader
from grader.quiz.responses.phrase import exact_key
from grader.quiz.responses.sheet import Column, Issue, Reading, Sheet, Sitting
from grader.quiz.scoring import is_blank
from grader.table import Row
from grader.text import clean


@dataclass(slots=True)
class _Work:
    """What is remembered while rows are read; nothing is worked out twice.

    Attributes:
        order: Place of a column to the question, where only the order tells.
        questions: Question text to the variants that it may be of.
        fits: Variant id, part and cell to meaning.
        issues: Message to issue; a message is listed once, with a count.
        seen: Ids of the questions that the file has.
        fitting: Answers that can be checked and fit.
        unfit: Answers that do not.
    """

    finder: Finder
    sheet: Sheet
    zone: tzinfo | None
    order: Mapping[int, Question]
    questions: dict[str, tuple[Question, ...]] = field(default_factory=dict)
    readers: dict[str, Reader] = field(default_factory=dict)
    fits: dict[tuple[str, str, str], Fit] = field(default_factory=dict)
    times: dict[str, str] = field(default_factory=dict)
    issues: dict[str, Issue] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    fitting: int = 0
    unfit: int = 0

    def complain(self, place: str, message: str, *, is_blocking: bool = True) -> None:
        """Note an issue, or count one that is known."""
        known = self.issues.get(message)
        if known is None:
            self.issues[message] = Issue(
                place=place, message=message, is_blocking=is_blocking, is_answer=is_blocking
            )
        else:
            self.issues[message] = replace(known, count=known.count + 1)


def assemble(quiz: Quiz, sheet: Sheet, zone: tzinfo | None = None) -> Reading:
    """Read every row.

    Args:
        quiz: The quiz that was asked.
        sheet: The file.
        zone: Of the sheet's times, if they do not say; None for the machine's.

    Raises:
        RequestError: If the file cannot be read for certain; names the question and the way out.
    """
    work = _Work(Finder(quiz), sheet, zone, _by_order(quiz, sheet))
    columns = [column for column in sheet.columns if _is_known(work, column)]
    sittings = tuple(_sitting(work, columns, row) for row in sheet.table.rows)
    return Reading(
        source=sheet.source,
        sittings=sittings,
        issues=tuple(work.issues.values()),
        notes=sheet.notes,
        seen=frozenset(work.seen),
        fitting=work.fitting,
        unfit=work.unfit,
        is_by_order=bool(work.order),
    )


def _by_order(quiz: Quiz, sheet: Sheet) -> dict[int, Question]:
    """Give columns that say nothing about their question the questions in order."""
    bare = [column for column in sheet.columns if not column.text and column.text_at < 0]
    if not bare:
        return {}
    name, count = sheet.table.name, len(quiz.entries)
    if sheet.asked != count:
        raise RequestError(
            f"{name} has answers to {sheet.asked} questions and does not say to which; "
            f"'{quiz.quiz_id}' has {count}. {_way_out(bare[0])}"
        )
    for column in bare:
        entry = quiz.entries[column.order]
        if len(entry.variants) > 1:
            raise RequestError(
                f"{name}: '{column.name}' is {entry.question_id}, which has {len(entry.variants)} "
                f"variants; the file does not say which one a student saw. {_way_out(column)}"
            )
    return {column.answer: quiz.entries[column.order].first for column in bare}


def _way_out(column: Column) -> str:
    return (
        "Download the responses report again with 'question text' ticked, or say what a column "
        f"is: --map '{column.name}=QUESTION-ID'"
    )


def _is_known(work: _Work, column: Column) -> bool:
    """Return whether a column has a question; its rows say it, or its header does."""
    if column.text_at >= 0 or _variants(work, column, column.text):
        return True
    quiz = work.finder.quiz
    work.complain(
        f"{work.sheet.table.name}:1",
        f"column '{clean(exact_key(column.name), 60)}' is no question of '{quiz.quiz_id}'; "
        "if it is one: --map 'COLUMN=QUESTION-ID'",
        is_blocking=False,
    )
    return False


def _variants(work: _Work, column: Column, text: str) -> tuple[Question, ...]:
    """Return the variants that a column, or a cell with a question's text, may be of."""
    if text in work.questions:
        return work.questions[text]
    found: tuple[Question, ...] = ()
    if text:
        found = work.questions[text] = work.finder.variants(text)
    elif column.answer in work.order:
        found = (work.order[column.answer],)
    work.seen.update(question.question_id for question in found)
    return found


def _sitting(work: _Work, columns: list[Column], row: Row) -> Sitting:
    sheet = work.sheet
    responses: dict[str, Response] = {}
    questions: dict[str, Question] = {}
    scores = list(total_of(sheet, row))
    for column, question in _asked(work, columns, row):
        response = _response(work, question, column, row)
        old = responses.get(question.question_id)
        if column.part and old is not None:
            response = joined(old, response)
        elif old is not None and not is_blank(old.value):
            if not is_blank(response.value):
                place = sheet.table.place(row)
                work.complain(place, f"{question.question_id}: two columns have an answer to it")
            continue
        responses[question.question_id] = response
        questions[question.question_id] = question
        scores += points_of(sheet, column, question.question_id, row)
    attempt = Attempt(
        quiz_id=work.finder.quiz.quiz_id,
        student="",
        responses=tuple(settle(entry, questions[name]) for name, entry in responses.items()),
        started_at=_time(work, sheet.cell(row, sheet.started)),
        submitted_at=_time(work, sheet.cell(row, sheet.submitted)),
        source=sheet.source,
    )
    keys = {sheet.table.head[at]: sheet.cell(row, at) for at in sheet.keys}
    place = sheet.table.place(row)
    return Sitting(place=place, keys=keys, attempt=attempt, scores=tuple(scores))


def _time(work: _Work, text: str) -> str:
    if text not in work.times:
        work.times[text] = read_time(text, work.zone)
    return work.times[text]


def _asked(work: _Work, columns: list[Column], row: Row) -> Iterator[tuple[Column, Question]]:
    """Yield the columns whose question is known for this row."""
    for column in columns:
        text = work.sheet.cell(row, column.text_at) if column.text_at >= 0 else column.text
        if column.text_at >= 0 and text in ("", "-"):
            continue
        variants = _variants(work, column, text)
        question = _shown(work, variants, column, row)
        place = work.sheet.table.place(row)
        if question is not None:
            yield column, question
        elif variants:
            name, count = variants[0].question_id, len(variants)
            work.complain(place, f"{name}: nothing tells which of its {count} variants was shown")
        else:
            text = clean(exact_key(text), 80)
            work.complain(place, f"no question of the quiz has this text: '{text}'")


def _shown(
    work: _Work, variants: tuple[Question, ...], column: Column, row: Row
) -> Question | None:
    """Return the variant that was shown: where the text does not tell, the answer may."""
    if len(variants) < 2:
        return variants[0] if variants else None
    if is_blank(_fit_of(work, variants[0], column, row).value):
        return variants[0]
    fitting = [q for q in variants if not _fit_of(work, q, column, row).reason]
    return fitting[0] if len(fitting) == 1 else None


def _response(work: _Work, question: Question, column: Column, row: Row) -> Response:
    fit = _fit_of(work, question, column, row)
    if fit.reason:
        work.unfit += 1
        work.complain(work.sheet.table.place(row), f"{question.variant_id}: {fit.reason}")
    elif not isinstance(question.answer, Numeric | Short) and not is_blank(fit.value):
        work.fitting += 1
    return Response(question_id=question.question_id, value=fit.value, variant=question.variant)


def _fit_of(work: _Work, question: Question, column: Column, row: Row) -> Fit:
    text = work.sheet.cell(row, column.answer)
    key = (question.variant_id, column.part, text)
    if key not in work.fits:
        work.fits[key] = _fit(work, question, column, text)
    return work.fits[key]


def _fit(work: _Work, question: Question, column: Column, text: str) -> Fit:
    if column.part:
        return part_fit(question, column.part, text)
    reader = work.readers.setdefault(question.variant_id, Reader(question, work.sheet.style))
    fit = reader.read(text)
    if fit.reason and question.kind == "ordering" and reader.clash:
        raise RequestError(
            f"{work.sheet.table.name}: the order that students gave in {question.variant_id} is "
            f"lost: {work.sheet.style.name} shows two of its steps as '{reader.clash[0]}'. Go on "
            f"without the question: --map '{column.name}=ignore' --allow-missing; next time let "
            f"the first {work.sheet.style.cut - 3} characters of the steps differ."
        )
    return fit
