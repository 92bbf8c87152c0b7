"""Takes the bank's Markdown apart for a terminal: paragraphs, code, tables, lists.

What the blocks look like is decided where they are printed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from markdown_it.token import Token

from grader.quiz.markup import parser
from grader.quiz.mathtext import to_unicode
from grader.text import clean

LONGEST = 100_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Words of one look.

    Attributes:
        look: "", "code", "strong", "emphasis" or "math".
    """

    text: str
    look: str = ""


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """Running text; as an item of a list it begins with a mark."""

    spans: Spans
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """Lines to be shown as they are; a formula on its own line is one too."""

    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows of cells; the first row is the head."""

    rows: tuple[tuple[str, ...], ...]


Block = Paragraph | Code | Table


def blocks(markdown: str) -> tuple[Block, ...]:
    """Return the blocks of a text, without control characters."""
    tokens = parser().parse(clean(markdown, LONGEST))
    found: list[Block] = []
    mark = ""
    place = 0
    while place < len(tokens):
        token = tokens[place]
        if token.type == "table_open":
            end = _end(tokens, place, "table_close")
            found.append(_table(tokens[place:end]))
            place = end
        elif token.type == "list_item_open":
            mark = f"{token.info}. " if token.info else "- "
        elif token.type == "inline":
            found.append(Paragraph(spans=spans(token.children or []), mark=mark))
            mark = ""
        elif token.type in ("fence", "code_block", "math_block"):
            found.append(_code(token))
        place += 1
    return tuple(found)


def _end(tokens: Sequence[Token], place: int, kind: str) -> int:
    return next(n for n in range(place, len(tokens)) if tokens[n].type == kind)


def _code(token: Token) -> Code:
    if token.type == "math_block":
        return Code(lines=(to_unicode(token.content),))
    return Code(lines=tuple(token.content.expandtabs(4).splitlines()))


def _table(tokens: Sequence[Token]) -> Table:
    rows: list[list[str]] = []
    for token in tokens:
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(plain(spans(token.children or [])))
    return Table(rows=tuple(map(tuple, rows)))


def spans(tokens: Sequence[Token]) -> Spans:
    """Return the spans of inline Markdown; a line break of the source is a space."""
    found: list[Span] = []
    look = ""
    looks = {"strong_open": "strong", "em_open": "emphasis", "s_open": "emphasis"}
    for token in tokens:
        if token.type.startswith("math_"):
            found.append(Span(text=to_unicode(token.content), look="math"))
        elif token.type == "image":
            found.append(Span(text=f"[figure: {token.content}]"))
        elif token.type == "code_inline":
            found.append(Span(text=token.content, look="code"))
        elif token.type == "hardbreak":
            found.append(Span(text="\n"))
        elif token.type == "softbreak":
            found.append(Span(text=" "))
        elif token.content:
            found.append(Span(text=token.content, look=look))
        look = looks.get(token.type, "" if token.type.endswith("_close") else look)
    return tuple(found)


def plain(found: Spans) -> str:
    """Return spans as text; code in backticks, unless all is code."""
    if len(found) == 1:
        return found[0].text
    return "".join(f"`{s.text}`" if s.look == "code" else s.text for s in found)


def line_of(markdown: str) -> str:
    """Return a short text, as an option, on one line."""
    texts = []
    for block in blocks(markdown):
        if isinstance(block, Paragraph):
            texts.append(block.mark + plain(block.spans))
        elif isinstance(block, Code):
            texts.append(" ; ".join(block.lines))
        else:
            texts.append(" ; ".join(", ".join(row) for row in block.rows))
    return " ".join(" ".join(texts).split())
