"""Draws LaTeX formulas as MathML; nothing but MathML gets through, whatever a formula holds."""

from functools import lru_cache
from typing import Any

from grader.errors import ContentError, DlabError
from grader.quiz.extra import need

TAGS = {
    *("math", "mrow", "mi", "mn", "mo", "ms", "mtext", "mspace", "mstyle", "mpadded", "mphantom"),
    *("mfrac", "msqrt", "mroot", "menclose", "msub", "msup", "msubsup", "munder", "mover"),
    *("munderover", "mmultiscripts", "mprescripts", "mtable", "mtr", "mlabeledtr", "mtd"),
}
FORBIDDEN = {"href", "style", "class", "id", "src"}


@lru_cache(maxsize=4096)
def to_mathml(latex: str, *, is_display: bool = False) -> str:
    """Return a formula as a `math` element.

    Raises:
        ContentError: If it cannot be drawn, names an unknown command, or holds HTML.
    """
    etree = need("lxml.etree")
    convert = need("latex2mathml.converter").convert
    if latex.count("{") - latex.count(r"\{") != latex.count("}") - latex.count(r"\}"):
        raise ContentError(f"the formula '{latex}' cannot be drawn: its braces do not match")
    try:
        text: str = convert(latex, display="block" if is_display else "inline")
        tree = etree.fromstring(text.encode(), etree.XMLParser(resolve_entities=False))
    except DlabError:
        raise
    except Exception as error:  # the converter has a dozen kinds; all mean that the author mends it
        kind = type(error).__name__
        raise ContentError(f"the formula '{latex}' cannot be drawn: {kind}") from error
    for element in tree.iter():
        _hold_harmless(element, latex)
    return text


def _hold_harmless(element: Any, latex: str) -> None:
    """Refuse what is no MathML: the converter passes on what stands in a formula."""
    name = str(element.tag).rpartition("}")[2]
    if name not in TAGS or any(key in FORBIDDEN or key.startswith("on") for key in element.attrib):
        raise ContentError(f"the formula '{latex}' holds something that is no formula")
    if name == "mi" and (element.text or "").startswith("\\"):
        raise ContentError(f"the formula '{latex}' cannot be drawn: '{element.text}' is not known")
