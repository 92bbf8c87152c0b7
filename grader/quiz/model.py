"""What a quiz is made of. Frozen data; every exporter and scorer is a function of it.

Texts are Markdown with math between dollars. Ids of options do not depend on their order, so
responses stay readable after a question was edited, and tell nothing about the key.
"""

import enum
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

SCHEMA_VERSION = 1

Value = tuple[str, ...] | str | Mapping[str, str]
"""A response: option ids of a choice, item ids in order of an ordering; what was typed for a
number or a short text; left id to right id of a matching. Empty: no answer."""


class Role(enum.Enum):
    """When a quiz is taken."""

    PRE = "pre"
    POST = "post"
    PRACTICE = "practice"


class Rule(enum.Enum):
    """How a question with several right options is scored.

    With c right and w wrong options, of which t and f were ticked (names as in PrairieLearn):
    """

    ALL = "all"  # 1 if t = c and f = 0, else 0
    NET = "net"  # max(0, (t - f) / c)
    BALANCED = "balanced"  # max(0, t/c - f/w)
    EACH = "each"  # 1 - wrong decisions / (c + w); a blank earns w / (c + w)
    COVERAGE = "coverage"  # t/c * t/(t + f)


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One option of a choice.

    Attributes:
        misconception: Name of the mistake that leads here; empty if none is known.
        is_fixed: Whether shuffling leaves it at its place.
    """

    option_id: str
    text: str
    is_right: bool
    feedback: str = ""
    misconception: str = ""
    is_fixed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Tick one option, or all that apply."""

    options: tuple[Option, ...]
    is_multiple: bool
    rule: Rule
    kind: Literal["choice"] = "choice"

    @property
    def right(self) -> tuple[Option, ...]:
        """The options to tick."""
        return tuple(option for option in self.options if option.is_right)

    @property
    def wrong(self) -> tuple[Option, ...]:
        """The options to leave."""
        return tuple(option for option in self.options if not option.is_right)


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedNumber:
    """A number that earns a share of the points.

    Attributes:
        tolerance: Most that a response may differ from `value`, absolute, inclusive.
        share: In [0, 1]; 1 is the key, less a known mistake: 0 only names it.
    """

    value: float
    tolerance: float
    share: float = 1.0
    feedback: str = ""
    misconception: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Numeric:
    """Type a number. The first accepted number that fits counts."""

    accepted: tuple[AcceptedNumber, ...]
    kind: Literal["numeric"] = "numeric"


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptedText:
    """A text that earns a share of the points; case and spaces around and between do not count."""

    text: str
    share: float = 1.0
    feedback: str = ""
    misconception: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Short:
    """Type a few words."""

    accepted: tuple[AcceptedText, ...]
    kind: Literal["short"] = "short"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """One row of a matching: what is on the left, and the id of what belongs to it."""

    left_id: str
    text: str
    right_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Right:
    """What a row of a matching may be given; rows may share one, and some belong to no row."""

    right_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Give each left the right that belongs to it; scored by the share of right pairs."""

    lefts: tuple[Left, ...]
    rights: tuple[Right, ...]
    kind: Literal["matching"] = "matching"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One item of an ordering."""

    step_id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordering:
    """Put steps in order; scored by the share of places that are right.

    Attributes:
        steps: In the right order.
    """

    steps: tuple[Step, ...]
    kind: Literal["ordering"] = "ordering"


Answer = Choice | Numeric | Short | Matching | Ordering


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A question with its key, without parameters: a variant has its numbers put in.

    Attributes:
        question_id: Unique in the bank; variants of one question share it.
        variant: 1, 2, ... of a question with parameters, 0 of one without.
        values: What the parameters of the variant are.
        points: Whole points for a full answer.
        pair: Id of the twin in the other test of the session, for the gain; empty if none.
        line: Where the question begins in its file.
    """

    question_id: str
    title: str
    stem: str
    answer: Answer
    variant: int = 0
    values: Mapping[str, float] = field(default_factory=dict)
    points: int = 1
    explanation: str = ""
    tags: tuple[str, ...] = ()
    pair: str = ""
    line: int = 0

    @property
    def variant_id(self) -> str:
        """The question's id, with -v1, -v2 ... for a variant: what an LMS sees."""
        return f"{self.question_id}-v{self.variant}" if self.variant else self.question_id

    @property
    def misconceptions(self) -> tuple[str, ...]:
        """The mistakes that an answer can show, as often as they are named."""
        answer = self.answer
        if isinstance(answer, Choice):
            named = [option.misconception for option in answer.options]
        elif isinstance(answer, Numeric | Short):
            named = [accepted.misconception for accepted in answer.accepted]
        else:
            named = []
        return tuple(filter(None, named))

    @property
    def kind(self) -> str:
        """Name the type: single, multiple, numeric, short, matching or ordering."""
        if isinstance(self.answer, Choice):
            return "multiple" if self.answer.is_multiple else "single"
        return self.answer.kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A place in a quiz: a student sees one of its variants.

    Attributes:
        variants: At least one; more than one only of a question with parameters.
    """

    variants: tuple[Question, ...]

    @property
    def first(self) -> Question:
        """Any variant, for what all share."""
        return self.variants[0]

    @property
    def question_id(self) -> str:
        """The id that all variants share."""
        return self.first.question_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiz:
    """A test, read from one file of the bank.

    Attributes:
        lecture: Its number; 0 if it belongs to none.
        minutes: Time limit; 0 for none.
        introduction: Markdown shown above the first question.
        folder: Where images lie.
        sha256: Of what is asked, without the keys: results name it, so that an edited question is
            noticed, and nobody can try out keys against it.
    """

    quiz_id: str
    title: str
    entries: tuple[Entry, ...]
    lecture: int = 0
    role: Role = Role.PRACTICE
    minutes: int = 0
    shuffle_questions: bool = True
    shuffle_options: bool = True
    introduction: str = ""
    folder: Path = Path()
    sha256: str = ""

    @property
    def points(self) -> int:
        """Points of a full test."""
        return sum(entry.first.points for entry in self.entries)

    def questions(self) -> Iterator[Question]:
        """Yield every variant of every question."""
        for entry in self.entries:
            yield from entry.variants

    def find(self, question_id: str, variant: int = 0) -> Question | None:
        """Return a question, or None if the quiz has no such question or variant."""
        found = (q for q in self.questions() if q.question_id == question_id)
        return next((q for q in found if q.variant == variant), None)
