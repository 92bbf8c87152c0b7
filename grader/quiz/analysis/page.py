"""The analysis as one HTML page: no JavaScript, nothing loaded from anywhere, good to print."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from grader.quiz.analysis import plot, words
from grader.quiz.analysis.answers import Kind
from grader.quiz.analysis.session import Analysis
from grader.quiz.extra import need
from grader.quiz.markup import Math, embedded, to_html, to_inline_html
from grader.quiz.model import Quiz

HERE = Path(__file__).parent
TEMPLATE, STYLE = "page.html.j2", "page.css"


def as_html(found: Analysis) -> str:
    """Return the page. It holds the keys, and names no student.

    Raises:
        RequestError: If Jinja2 is not installed.
        ContentError: If an image of a question is missing.
    """
    jinja = need("jinja2")
    environment = jinja.Environment(
        loader=jinja.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    safe = need("jinja2").utils.markupsafe.Markup
    style = safe((HERE / STYLE).read_text(encoding="utf-8"))
    page = environment.get_template(TEMPLATE)
    text = str(page.render(found=found, style=style, **_tools(safe)))
    return re.sub(r"(?<=\d) %", "\u00a0%", text) + "\n"  # no line break before a percent sign


def _tools(safe: Any) -> Mapping[str, Any]:
    """Return what the template calls: sentences, drawings, and Markdown of a quiz as HTML."""

    def block(quiz: Quiz, text: str) -> Any:
        return safe(to_html(text, Math.MATHML, embedded(quiz.folder)))

    def inline(quiz: Quiz, text: str) -> Any:
        return safe(to_inline_html(text, Math.MATHML, embedded(quiz.folder)))

    def broken(name: str) -> Any:
        return safe("_<wbr>").join(name.split("_"))  # a long name may break there

    def drawn(name: str, *values: Any) -> Any:
        return safe(getattr(plot, name)(*values))

    return {
        "block": block,
        "inline": inline,
        "broken": broken,
        "drawn": drawn,
        "words": words,
        "Kind": Kind,
        "colour": {Kind.KEY: "key", Kind.BLANK: "blank"},
    }
