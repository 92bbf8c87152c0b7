"""Shows the bank's Markdown: as HTML for an LMS or our own pages, and as plain text.

Raw HTML in a text is shown, never passed on.
"""

import base64
import enum
import html
import mimetypes
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from grader.errors import ContentError
from grader.quiz.extra import need
from grader.quiz.mathml import to_mathml
from grader.quiz.mathtext import to_unicode

ImageSource = Callable[[str], str]
_ENDS = {  # what stands in plain text where something ends
    "hardbreak": "\n",
    "heading_close": "\n\n",
    "softbreak": "\n",
    "td_close": "  ",
    "th_close": "  ",
    "tr_close": "\n",
}


class Math(enum.Enum):
    """How formulas are written in HTML."""

    DELIMITERS = "delimiters"  # \(...\): for MathJax, which Moodle, Canvas and edX have
    MATHML = "mathml"  # for pages of our own, without JavaScript; with the formula read aloud


@cache
def parser() -> MarkdownIt:
    """Return what reads the bank's Markdown."""
    made = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    plugin = need("mdit_py_plugins.dollarmath").dollarmath_plugin
    return made.use(plugin, allow_space=False, double_inline=True)


def to_html(text: str, math: Math = Math.DELIMITERS, image: ImageSource | None = None) -> str:
    """Return Markdown as HTML blocks (`<p>...</p>`).

    Args:
        text: Markdown with `$math$`.
        math: How formulas are written.
        image: Gives the source of an image from its relative path; by default the path itself.
    """
    tokens = parser().parse(text)
    return _render(tokens, math, image or str).strip()


def to_inline_html(
    text: str, math: Math = Math.DELIMITERS, image: ImageSource | None = None
) -> str:
    """Return Markdown as HTML without the paragraph around it, if it is one paragraph."""
    found = to_html(text, math, image)
    inner = found.removeprefix("<p>").removesuffix("</p>")
    return (
        inner if found.startswith("<p>") and "<p>" not in inner and "</p>" not in inner else found
    )


def _render(tokens: Sequence[Token], math: Math, image: ImageSource) -> str:
    for token in _all(tokens):
        if token.type == "image":
            token.attrs["src"] = image(str(token.attrs.get("src", "")))
    renderer: Any = parser().renderer
    return "".join(_pieces(tokens, math, renderer))


def _all(tokens: Sequence[Token]) -> list[Token]:
    return [inner for token in tokens for inner in (token, *(token.children or ()))]


def _pieces(tokens: Sequence[Token], math: Math, renderer: Any) -> list[str]:
    pieces = []
    for index, token in enumerate(tokens):
        if token.type == "inline":
            pieces += _pieces(token.children or [], math, renderer)
        elif token.type.startswith("math_"):
            pieces.append(_formula(token, math))
        elif token.type in renderer.rules:
            pieces.append(renderer.rules[token.type](tokens, index, parser().options, {}))
        else:
            pieces.append(renderer.renderToken(tokens, index, parser().options, {}))
    return pieces


def _formula(token: Token, math: Math) -> str:
    source = token.content.strip()
    is_display = token.type in ("math_block", "math_inline_double")
    if math is Math.DELIMITERS:
        opening, closing = (r"\[", r"\]") if is_display else (r"\(", r"\)")
        return f"{opening}{html.escape(source, quote=False)}{closing}"
    drawn = to_mathml(source, is_display=is_display)
    spoken = html.escape(to_unicode(source))
    return f'<span class="visually-hidden">{spoken}</span><span aria-hidden="true">{drawn}</span>'


def embedded(folder: Path) -> ImageSource:
    """Return what puts images of a folder into the HTML itself, as data addresses.

    Raises (when called):
        ContentError: If an image is missing or lies outside the folder.
    """

    def source(path: str) -> str:
        try:
            file = (folder / unquote(path)).resolve()  # the parser percent-encodes what it must
            is_there = file.is_relative_to(folder.resolve()) and file.is_file()
        except (OSError, ValueError):  # no path at all
            is_there = False
        if not is_there:
            raise ContentError(f"There is no image '{path}' in {folder.name}/.")
        kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
        return f"data:{kind};base64,{base64.b64encode(file.read_bytes()).decode()}"

    return source


def images_in(text: str) -> tuple[tuple[str, str], ...]:
    """Return path and alternative text of each image."""
    found = [token for token in _all(parser().parse(text)) if token.type == "image"]
    return tuple((str(token.attrs.get("src", "")), token.content) for token in found)


def formulas_in(text: str) -> tuple[str, ...]:
    """Return the LaTeX of each formula."""
    tokens = _all(parser().parse(text))
    return tuple(token.content for token in tokens if token.type.startswith("math_"))


def to_text(text: str) -> str:
    """Return Markdown as plain text: formulas in Unicode, code as it is, images by their words."""
    return _plain(parser().parse(text)).strip("\n")


def _plain(tokens: Sequence[Token]) -> str:
    return "".join(_plain_token(token) for token in tokens)


def _plain_token(token: Token) -> str:
    if token.type == "inline":
        return _plain(token.children or [])
    if token.type in ("fence", "code_block"):
        return "\n".join(f"    {line}" for line in token.content.splitlines()) + "\n\n"
    if token.type == "math_block":
        return f"    {to_unicode(token.content)}\n\n"
    if token.type.startswith("math_"):
        return to_unicode(token.content)
    if token.type == "image":
        return f"[figure: {token.content}]"
    if token.type == "list_item_open":
        return f"{token.info}. " if token.info else "- "
    if token.type == "paragraph_close":
        return "\n" if token.hidden else "\n\n"
    return _ENDS.get(token.type, token.content)
