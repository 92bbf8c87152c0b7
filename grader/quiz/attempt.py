"""What students answered, from wherever it came, and what it earned."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.errors import RequestError
from grader.quiz.model import Entry, Question, Quiz, Value
from grader.quiz.scoring import Mark, is_blank, mark

PRACTICE = "dlab-practice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """One answer of one student.

    Attributes:
        value: See model.Value. Of another shape than the question's: scored as wrong.
    """

    question_id: str
    value: Value
    variant: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One sitting of one student.

    Attributes:
        student: The course's id or a pseudonym, never a name or an address.
        number: 1 for the student's first attempt.
        started_at, submitted_at: ISO 8601 with zone; empty if unknown.
        late_s: Seconds after the deadline that the last answer came in; 0 if in time.
        accommodation: Factor on the time limit.
        source: Where it came from: "dlab", "dlab-serve", "moodle", "canvas", "google-forms", "amc";
            PRACTICE counts nowhere.
        bank_sha256: Of the paper, see Paper.sha256; empty if unknown.
        seed: Dealt the paper, see paper.deal; None if nothing of ours did.
    """

    quiz_id: str
    student: str
    responses: tuple[Response, ...]
    number: int = 1
    started_at: str = ""
    submitted_at: str = ""
    late_s: float = 0.0
    accommodation: float = 1.0
    source: str = "dlab"
    bank_sha256: str = ""
    seed: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedResponse:
    """One answer and what it earned."""

    question: Question
    response: Response
    mark: Mark

    @property
    def points(self) -> float:
        """Points earned."""
        return self.mark.fraction * self.question.points


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkedAttempt:
    """One sitting, scored; a question of the quiz without a response counts as blank."""

    quiz: Quiz
    attempt: Attempt
    marked: tuple[MarkedResponse, ...]

    @property
    def points(self) -> float:
        """Points earned in all, rounded where binary fractions would show."""
        return round(sum(entry.points for entry in self.marked), 6)


def mark_attempt(quiz: Quiz, attempt: Attempt) -> MarkedAttempt:
    """Score a sitting by our rules, in the order of the quiz.

    An entry without a response is blank; of several responses to one entry the last counts. A
    response to a variant that the quiz does not have is wrong: no other variant's key is its key.
    """
    given = {response.question_id: response for response in attempt.responses}
    marked = tuple(_marked(entry, given.get(entry.question_id)) for entry in quiz.entries)
    return MarkedAttempt(quiz=quiz, attempt=attempt, marked=marked)


def _marked(entry: Entry, response: Response | None) -> MarkedResponse:
    if response is None:
        response = Response(question_id=entry.question_id, value="", variant=entry.first.variant)
    question = next((q for q in entry.variants if q.variant == response.variant), None)
    if question is None:
        found = Mark(fraction=0.0, is_blank=is_blank(response.value))
        return MarkedResponse(question=entry.first, response=response, mark=found)
    return MarkedResponse(question=question, response=response, mark=mark(question, response.value))


def records(course: str, marked: MarkedAttempt) -> list[dict[str, Any]]:
    """Return one flat record per answer: the canonical result, as JSON Lines and long CSV.

    Keys: course, quiz, role, student, attempt, item, variant, response, blank, fraction, points,
    max_points, started_at, submitted_at, late_s, accommodation, source, bank_sha256.
    """
    attempt = marked.attempt
    head = {
        "course": course,
        "quiz": attempt.quiz_id,
        "role": marked.quiz.role.value,
        "student": attempt.student,
        "attempt": attempt.number,
    }
    tail = {
        "started_at": attempt.started_at,
        "submitted_at": attempt.submitted_at,
        "late_s": attempt.late_s,
        "accommodation": attempt.accommodation,
        "source": attempt.source,
        "bank_sha256": attempt.bank_sha256,
    }
    return [
        {
            **head,
            "item": entry.question.question_id,
            "variant": entry.question.variant,
            "response": _plain(entry.response.value),
            "blank": entry.mark.is_blank,
            "fraction": round(entry.mark.fraction, 9),
            "points": round(entry.points, 9),
            "max_points": entry.question.points,
            **tail,
        }
        for entry in marked.marked
    ]


def _plain(value: Value) -> Any:
    if isinstance(value, str):
        return value
    return dict(value) if isinstance(value, Mapping) else list(value)


def fingerprint(attempt: Attempt) -> str:
    """Return a text that is equal for equal answers; empty if nothing was answered."""
    given = [one for one in attempt.responses if not is_blank(one.value)]
    given.sort(key=lambda one: (one.question_id, one.variant))
    plain = [(one.question_id, one.variant, _plain(one.value)) for one in given]
    return json.dumps(plain, sort_keys=True) if plain else ""


SCHEMA = 1


def dump_attempt(attempt: Attempt) -> str:
    """Return an attempt as the text of an answers file."""
    from pydantic import TypeAdapter

    data = TypeAdapter(Attempt).dump_python(attempt, mode="json")
    return json.dumps({"schema": SCHEMA, **data}, indent=2, sort_keys=True) + "\n"


def load_attempt(content: bytes, name: str) -> Attempt:
    """Read an answers file; whoever wrote it is not trusted.

    Args:
        content: The file's bytes.
        name: What messages call the file.

    Raises:
        RequestError: If it is not an answers file.
    """
    from pydantic import TypeAdapter, ValidationError

    try:
        data = json.loads(content)
        if not isinstance(data, dict) or data.pop("schema", None) != SCHEMA:
            raise RequestError(f"{name}: this is not an answers file of `dlab quiz take`.")
        return TypeAdapter(Attempt).validate_python(data, strict=False)
    except (ValueError, RecursionError) as error:
        if isinstance(error, ValidationError):
            first = error.errors()[0]
            place = ".".join(map(str, first["loc"]))
            raise RequestError(f"{name}: {place}: {first['msg']}.") from error
        raise RequestError(f"{name}: it is not JSON; ask for the file again.") from error
