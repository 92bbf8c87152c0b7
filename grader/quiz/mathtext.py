"""Writes simple LaTeX formulas as Unicode text, for terminals and for reading aloud."""

from grader.quiz.extra import need


def to_unicode(latex: str) -> str:
    """Return a formula as one line of text."""
    text: str = need("pylatexenc.latex2text").LatexNodes2Text(math_mode="text").latex_to_text(latex)
    return " ".join(text.split())
