"""Makes one problem of edX of all variants of a question: where they differ stands a variable.

edX draws the variant for each student: a script in the problem chooses, with the student's seed,
what the variables are.
"""

import html
import re
from collections.abc import Sequence
from typing import Any

from grader.quiz.export import xml
from grader.quiz.export.olx_response import TARGET
from grader.quiz.export.target import refuse
from grader.quiz.extra import need
from grader.quiz.model import Question

VARIABLE = re.compile(rb"\$[A-Za-z_]")
UNEVALUATED = ("partial_answers",)  # edX puts no variables in here


def merge(question: Question, problems: Sequence[Any]) -> Any:
    """Return one problem for all variants.

    Args:
        question: Any variant, for messages.
        problems: An element for each variant; the first is changed and returned.

    Raises:
        ContentError: If edX would put in variables that are none, or the variants differ in more
            than words and numbers.
    """
    for problem in problems:
        if VARIABLE.search(need("lxml.etree").tostring(problem)):
            raise refuse(
                question, TARGET, "puts a value in for '$name'; write a space behind the dollar"
            )
    first = problems[0]
    if len(problems) == 1:
        return first
    lists: dict[tuple[str, ...], str] = {}
    _merge(question, problems, lists)
    lines = ["import random", f"variant = random.randrange({len(problems)})"]
    lines += [f"{name} = {list(texts)!a}[variant]" for texts, name in lists.items()]
    script = xml.new("script", {"type": "loncapa/python"})
    script.text = "\n" + "\n".join(lines) + "\n"
    first.insert(0, script)
    first.set("rerandomize", "per_student")
    return first


def _merge(question: Question, elements: Sequence[Any], lists: dict[tuple[str, ...], str]) -> None:
    first = elements[0]
    shapes = {(element.tag, len(element), tuple(element.attrib)) for element in elements}
    if len(shapes) > 1:
        raise refuse(
            question, TARGET, "carries variants that differ in words and numbers only; split it"
        )
    for name in first.attrib:
        texts = tuple(element.get(name) for element in elements)
        if len(set(texts)) > 1 and name in UNEVALUATED:
            raise refuse(
                question,
                TARGET,
                "knows no variants of answers that earn a part of the points; "
                "take the (..%) line off, or export with --whole-points",
            )
        first.set(name, _shared(texts, lists))
    first.text = _words(first.tag, [element.text or "" for element in elements], lists) or None
    first.tail = _words("", [element.tail or "" for element in elements], lists) or None
    for children in zip(*elements, strict=True):
        _merge(question, children, lists)


def _words(tag: str, texts: Sequence[str], lists: dict[tuple[str, ...], str]) -> str:
    """Return the text, or a variable; edX puts what it stands for into finished HTML."""
    if len(set(texts)) > 1 and tag != "option":  # an option is compared with the answer
        texts = [html.escape(text, quote=False) for text in texts]
    return _shared(tuple(texts), lists)


def _shared(texts: tuple[str, ...], lists: dict[tuple[str, ...], str]) -> str:
    if len(set(texts)) == 1:
        return texts[0]
    return "$" + lists.setdefault(texts, f"dlab{len(lists) + 1}x")
