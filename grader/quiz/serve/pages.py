"""Draws the pages. Texts of questions are drawn once, when the server starts."""

import hashlib
import math
import mimetypes
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from grader.errors import ContentError
from grader.quiz.extra import need
from grader.quiz.markup import Math, to_html, to_inline_html, to_text
from grader.quiz.model import Value
from grader.quiz.paper import Paper, PaperQuestion
from grader.quiz.serve.answers import canonical, read_as

HERE = Path(__file__).parent
STATIC = {
    "quiz.css": "text/css; charset=utf-8",
    "quiz.js": "text/javascript; charset=utf-8",
    "desk.js": "text/javascript; charset=utf-8",
    "wide.js": "text/javascript; charset=utf-8",
}
MOST_IMAGE_BYTES = 2 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A figure of the quiz, as it is sent."""

    content: bytes
    media_type: str


@dataclass(slots=True)
class Gallery:
    """The figures of a quiz under names that tell nothing.

    Attributes:
        folder: Where paths in texts begin.
        images: By their name in the address.
    """

    folder: Path
    images: dict[str, Image] = field(default_factory=dict)

    def source(self, path: str) -> str:
        """Return the address of a figure; from then on it is served.

        Raises:
            ContentError: If there is none at this path.
        """
        file = (self.folder / path).resolve()
        if not file.is_relative_to(self.folder.resolve()) or not file.is_file():
            raise ContentError(f"There is no image '{path}' in {self.folder.name}/.")
        if file.stat().st_size > MOST_IMAGE_BYTES:
            raise ContentError(f"The image '{path}' is larger than 2 MiB; make it smaller.")
        content = file.read_bytes()
        name = hashlib.sha256(content).hexdigest()[:32] + file.suffix.lower()
        kind = mimetypes.guess_type(file.name)[0] or ""
        if not kind.startswith("image/"):
            raise ContentError(f"'{path}' is not an image that browsers show: use svg, png or jpg.")
        self.images[name] = Image(content=content, media_type=kind)
        return f"/image/{name}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A question as HTML; options and lefts by their id.

    Attributes:
        words: The options as plain text, for lists to select from.
    """

    stem: str
    options: Mapping[str, str]
    words: Mapping[str, str]
    lefts: Mapping[str, str]


class Pages:
    """All pages of one test."""

    def __init__(self, paper: Paper, folder: Path) -> None:
        """Draw the questions.

        Args:
            paper: Without keys: no page can show what is not in it.
            folder: Where its figures are.

        Raises:
            ContentError: If a figure is missing.
        """
        self.paper = paper
        self.gallery = Gallery(folder)
        self._shown = {
            (question.question_id, question.variant): self._draw(question)
            for entry in paper.entries
            for question in entry.variants
        }
        self._introduction = self.html(paper.introduction)

    def html(self, text: str) -> str:
        """Draw Markdown, formulas as MathML."""
        return to_html(text, Math.MATHML, self.gallery.source) if text else ""

    def _draw(self, question: PaperQuestion) -> Shown:
        def inline(text: str) -> str:
            return to_inline_html(text, Math.MATHML, self.gallery.source)

        return Shown(
            stem=self.html(question.stem),
            options={option.option_id: inline(option.text) for option in question.options},
            words={
                option.option_id: " ".join(to_text(option.text).split())
                for option in question.options
            },
            lefts={left.left_id: inline(left.text) for left in question.lefts},
        )

    @cached_property
    def _templates(self) -> Any:
        jinja2 = need("jinja2")
        return jinja2.Environment(
            loader=jinja2.FileSystemLoader(HERE / "templates"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )

    def render(self, template: str, **values: Any) -> str:
        """Fill a template."""
        head = {"paper": self.paper, "introduction": self._introduction}
        text: str = self._templates.get_template(template).render(**head, **values)
        return text

    def message(self, title: str, *paragraphs: str, code: str = "") -> str:
        """Draw a page that says one thing."""
        return self.render("message.html", title=title, paragraphs=paragraphs, code=code)

    def test(
        self, questions: Sequence[PaperQuestion], values: Mapping[str, Value], left_s: float
    ) -> str:
        """Draw a student's test with the answers that are saved.

        Args:
            questions: The student's own, in order.
            values: By question id.
            left_s: Seconds left as the student is told; infinite without a limit.
        """
        items = [self._item(place, q, values) for place, q in enumerate(questions, 1)]
        return self.render("test.html", items=items, left_s=whole(left_s), time=minutes(left_s))

    def _item(
        self, place: int, question: PaperQuestion, values: Mapping[str, Value]
    ) -> dict[str, Any]:
        value = values[question.question_id]
        return {
            "place": place,
            "question": question,
            "shown": self._shown[question.question_id, question.variant],
            "value": value,
            "was": canonical(value),
            "read": read_as(question, value),
        }


def whole(seconds: float) -> int | None:
    """Return seconds as a whole number, rounded up, or None for infinitely many."""
    return None if math.isinf(seconds) else math.ceil(seconds)


def minutes(seconds: float) -> str:
    """Write a time that is left, as on a clock."""
    left = whole(seconds)
    return "" if left is None else f"{left // 60}:{left % 60:02d}"


def clock(at: float) -> str:
    """Write a moment as the time of day here, with the date if it is another day."""
    moment, today = datetime.fromtimestamp(at).astimezone(), datetime.now().astimezone()
    return moment.strftime("%H:%M" if moment.date() == today.date() else "%Y-%m-%d %H:%M")
