"""Writes a quiz as HTML to be printed: papers with answer sheets, or their mapping and key.

The key is a document of its own: nobody copies it thirty times by mistake. A page needs no network
and no JavaScript. Each copy is its own paper, with its number on every page, so that answers can be
told apart by it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from string import ascii_lowercase
from typing import Any

from grader.quiz.export.target import Wish
from grader.quiz.markup import ImageSource, Math, embedded, to_html, to_inline_html
from grader.quiz.model import Choice, Matching, Ordering, Question, Quiz
from grader.quiz.paper import PaperQuestion, deal, strip_keys
from grader.quiz.typed import right_answer

TEMPLATE = "printable.html.j2"
HINTS = {
    "single": "Cross one box.",
    "multiple": "Cross all that apply.",
    "numeric": "Write a number.",
    "short": "Write a word or a few.",
    "matching": "Write a letter for each row.",
    "ordering": "Write the letters in the right order.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A question as it is printed.

    Attributes:
        options: Letter, id and HTML of each.
        lefts: Id and HTML of each row of a matching.
    """

    number: int
    question: PaperQuestion
    hint: str
    stem: str
    options: Sequence[tuple[str, str, str]]
    lefts: Sequence[tuple[str, str]]

    @property
    def variant_id(self) -> str:
        """What the bank calls it."""
        asked = self.question
        return f"{asked.question_id}-v{asked.variant}" if asked.variant else asked.question_id

    @property
    def points(self) -> str:
        """Its points, in words."""
        return "1 point" if self.question.points == 1 else f"{self.question.points} points"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copy:
    """One paper.

    Attributes:
        key: The right answer of each question, in its order.
    """

    number: int
    shown: Sequence[Shown]
    key: Sequence[str]


@dataclass(frozen=True, slots=True)
class Drawing:
    """How Markdown becomes HTML.

    Attributes:
        block: Gives paragraphs.
        inline: Gives what stands within a line, if it is one paragraph.
    """

    block: Callable[[str], str]
    inline: Callable[[str], str]


def write(quiz: Quiz, wish: Wish) -> bytes:
    """Return the quiz as an HTML page, UTF-8.

    Args:
        quiz: With its keys.
        wish: How many papers; with `with_key` the page is their key, without it the papers.

    Raises:
        ContentError: If an image is missing.
    """
    draw = _drawing(embedded(quiz.folder))
    copies = [_copy(quiz, number, draw) for number in range(1, max(1, wish.copies) + 1)]
    page: str = _template().render(
        quiz=quiz,
        copies=copies,
        is_numbered=len(copies) > 1,
        introduction=draw.block(quiz.introduction),
        mapping=_mapping(quiz, copies) if len(copies) > 1 and wish.with_key else [],
        explanations=_explanations(quiz, copies, draw) if wish.with_key else [],
        with_key=wish.with_key,
        css_text=css_text,
    )
    return page.encode("utf-8", "replace")


@cache
def _template() -> Any:
    from grader.quiz.extra import need

    jinja2 = need("jinja2")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("grader.quiz.export"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    return environment.get_template(TEMPLATE)


def css_text(text: str) -> str:
    """Return text as a string of CSS that no text can end."""
    escaped = "".join(c if c.isascii() and c.isalnum() else f"\\{ord(c):06x}" for c in text)
    return f'"{escaped}"'


def _drawing(image: ImageSource) -> Drawing:
    """Return what draws texts; what many copies share is drawn once."""
    return Drawing(
        block=cache(lambda text: to_html(text, Math.MATHML, image)),
        inline=cache(lambda text: to_inline_html(text, Math.MATHML, image)),
    )


def _copy(quiz: Quiz, number: int, draw: Drawing) -> Copy:
    questions = deal(strip_keys(quiz), f"copy{number}")
    return Copy(
        number=number,
        shown=[_shown(place, question, draw) for place, question in enumerate(questions, 1)],
        key=[right_answer(question, _keyed(quiz, question)) for question in questions],
    )


def _keyed(quiz: Quiz, question: PaperQuestion) -> Question:
    found = quiz.find(question.question_id, question.variant)
    if found is None:
        raise AssertionError(f"{question.question_id} was dealt and is not in the quiz")
    return found


def _shown(number: int, question: PaperQuestion, draw: Drawing) -> Shown:
    return Shown(
        number=number,
        question=question,
        hint=HINTS[question.kind],
        stem=draw.block(question.stem),
        options=[
            (letter, option.option_id, draw.inline(option.text))
            for letter, option in zip(ascii_lowercase, question.options, strict=False)
        ],
        lefts=[(left.left_id, draw.inline(left.text)) for left in question.lefts],
    )


def _mapping(quiz: Quiz, copies: Sequence[Copy]) -> list[list[str]]:
    """Return for each copy and each question of the file: its number there, and its letters.

    Letters are in the order of the file: "3: bac" is question 3 of the paper, and the option
    that comes first in the file has the letter b.
    """
    rows = []
    for copy in copies:
        places = {shown.question.question_id: shown for shown in copy.shown}
        rows.append([_mapped(quiz, places[entry.question_id]) for entry in quiz.entries])
    return rows


def _mapped(quiz: Quiz, shown: Shown) -> str:
    letters = {option_id: letter for letter, option_id, _ in shown.options}
    answer = _keyed(quiz, shown.question).answer
    ids: list[str] = []
    if isinstance(answer, Choice):
        ids = [option.option_id for option in answer.options]
    elif isinstance(answer, Ordering):
        ids = [step.step_id for step in answer.steps]
    elif isinstance(answer, Matching):
        ids = [right.right_id for right in answer.rights]
    variant = f" v{shown.question.variant}" if shown.question.variant else ""
    order = f": {''.join(letters[found] for found in ids)}" if ids else ""
    return f"{shown.number}{variant}{order}"


def _explanations(quiz: Quiz, copies: Sequence[Copy], draw: Drawing) -> list[tuple[str, str, str]]:
    """Return title, place and explanation of every question that a copy has, once.

    The place is its number on a paper that is the only one, else its name in the bank.
    """
    numbers = {shown.variant_id: f"question {shown.number}" for shown in copies[0].shown}
    dealt = {shown.variant_id for copy in copies for shown in copy.shown}
    places: dict[tuple[str, str], list[str]] = {}
    for question in quiz.questions():
        if question.explanation and question.variant_id in dealt:
            text = draw.block(question.explanation)
            places.setdefault((question.title, text), []).append(question.variant_id)
    is_single = len(copies) == 1
    return [
        (title, ", ".join(numbers[name] if is_single else name for name in names), text)
        for (title, text), names in places.items()
    ]
