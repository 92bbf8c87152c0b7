"""What Moodle would understand of a file, and what it would give for an answer.

Independent of the exporters: by the rules that were seen when Moodle 4.2 and 5.0 imported files.
"""

import base64
import re
from dataclasses import dataclass, field

from lxml import etree

FRACTIONS = (
    100, 90, 83.33333, 80, 75, 70, 66.66667, 60, 50, 40, 33.33333, 30, 25, 20, 16.66667, 14.28571,
    12.5, 11.11111, 10, 5, 0,
)  # fmt: skip


class ImportFailureError(Exception):
    """Moodle refuses the file, loses a part of it, or reads something else than it says."""


@dataclass
class Line:
    """An answer, a subquestion or an item."""

    text: str
    fraction: float = 0.0
    feedback: str = ""
    tolerance: float = 0.0
    match: str = ""


@dataclass
class Found:
    """A question as it lies in Moodle's database."""

    kind: str
    name: str
    category: str
    stem: str
    general: str = ""
    grade: float = 1.0
    idnumber: str = ""
    single: bool = True
    shuffle: bool = False
    lines: list[Line] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)


def read_moodle(content: bytes) -> list[Found]:
    """Import a file.

    Raises:
        ImportFailureError: At the first thing that would go wrong, loudly or in silence.
    """
    root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    if root.tag != "quiz":
        raise ImportFailureError("no quiz")
    category, found = "", []
    for element in root:
        if element.get("type") == "category":
            category = _text(element.find("category"))
        else:
            found.append(_question(element, category))
    numbers = [(question.category, question.idnumber) for question in found]
    if len(set(numbers)) < len(numbers):
        raise ImportFailureError("idnumber twice in a category: dropped")
    return found


def _text(element: etree._Element | None) -> str:
    if element is None:
        return ""
    text = element.find("text")
    if text is None or len(text):
        raise ImportFailureError(f"{element.tag}: markup inside text")
    return (text.text or "").strip()


def _number(text: str | None) -> float:
    if text is None or not re.fullmatch(r"-?\d+(\.\d+)?([eE][-+]?\d+)?", text):
        raise ImportFailureError(f"'{text}' is read as another number")
    return float(text)


def _fraction(element: etree._Element) -> float:
    share = _number(element.get("fraction"))
    if not any(abs(abs(share) - known) <= 1e-3 for known in FRACTIONS):
        raise ImportFailureError(f"fraction {share}: file refused")
    return share / 100


def _question(element: etree._Element, category: str) -> Found:
    kind = element.get("type")
    if kind not in ("multichoice", "numerical", "shortanswer", "matching", "ordering"):
        raise ImportFailureError(f"unknown type {kind}")
    found = Found(
        kind=kind,
        name=_text(element.find("name")),
        category=category,
        stem=_text(element.find("questiontext")),
        general=_text(element.find("generalfeedback")),
        grade=_number(element.findtext("defaultgrade")),
        idnumber=element.findtext("idnumber") or "",
        single=element.findtext("single") == "true",
        tags=[_text(tag) for tag in element.iterfind("tags/tag")],
    )
    _hold_head(element, found)
    for file in element.iter("file"):
        assert file.get("encoding") == "base64"
        assert file.getparent().find("text").text.count(f"@@PLUGINFILE@@/{file.get('name')}")
        found.files[file.get("name")] = base64.b64decode(file.text)
    if kind in ("multichoice", "matching"):
        found.shuffle = {"true": True, "false": False}[element.findtext("shuffleanswers")]
    found.lines = list(READERS[kind](element))
    _hold_lines(found)
    return found


def _hold_head(element: etree._Element, found: Found) -> None:
    if not found.name or len(found.name) > 255:
        raise ImportFailureError("no name, or one that is cut")
    if len(found.idnumber) > 100:
        raise ImportFailureError("idnumber does not fit")
    if element.find("questiontext").get("format") != "html":
        raise ImportFailureError("another format than html")
    if element.findtext("penalty") != "0":
        raise ImportFailureError("a penalty")


def _hold_lines(found: Found) -> None:
    fractions = [line.fraction for line in found.lines]
    if found.kind in ("shortanswer", "numerical") and max(fractions) < 1:
        raise ImportFailureError("no answer earns 100 %")
    if found.kind == "multichoice":
        if len(found.lines) < 2:
            raise ImportFailureError("too few options: the rest of the file is lost")
        total = sum(fraction for fraction in fractions if fraction > 0)
        if abs((max(fractions) if found.single else total) - 1) > 1e-4:
            raise ImportFailureError("nobody can win it, or too much")
    if found.kind != "matching":
        texts = [line.text for line in found.lines]
        if not all(texts) or len(set(texts)) < len(texts):
            raise ImportFailureError("an option is dropped, or there twice")


def _options(element):
    for answer in element.iterfind("answer"):
        assert answer.get("format") == "html"
        yield Line(_text(answer), _fraction(answer), _text(answer.find("feedback")))


def _numbers(element):
    for answer in element.iterfind("answer"):
        _number(_text(answer))
        tolerance = _number(answer.findtext("tolerance"))
        feedback = _text(answer.find("feedback"))
        yield Line(_text(answer), _fraction(answer), feedback, tolerance)


def _shorts(element):
    if element.findtext("usecase") != "0":
        raise ImportFailureError("case would count")
    for answer in element.iterfind("answer"):
        yield Line(_text(answer), _fraction(answer), _text(answer.find("feedback")))


def _pairs(element):
    for pair in element.iterfind("subquestion"):
        assert pair.get("format") == "html"
        yield Line(_text(pair), match=_text(pair.find("answer")))


def _steps(element):
    if element.find("shownumcorrect") is None:
        raise ImportFailureError("database exception")
    if element.findtext("gradingtype") != "ABSOLUTE_POSITION":
        raise ImportFailureError("graded otherwise")
    answers = sorted(element.iterfind("answer"), key=lambda e: int(e.get("fraction")))
    yield from (Line(_text(answer)) for answer in answers)


READERS = {
    "multichoice": _options,
    "numerical": _numbers,
    "shortanswer": _shorts,
    "matching": _pairs,
    "ordering": _steps,
}


def moodle_fraction(found: Found, response) -> float:
    """Grade a response as Moodle does.

    Args:
        found: The question.
        response: Places of ticked options; a text; for a matching what each left is given; the
            order of an ordering, as places of the right order.
    """
    if found.kind == "multichoice":
        total = sum(found.lines[place].fraction for place in response)
        return min(1.0, max(0.0, total))
    if found.kind == "numerical":
        value = float(response)
        for line in found.lines:
            answer = float(line.text)
            slack = line.tolerance + 1e-14 * max(1, abs(answer))
            if answer - slack <= value <= answer + slack:
                return line.fraction
        return 0.0
    if found.kind == "shortanswer":
        return next((e.fraction for e in found.lines if wildcard_match(e.text, response)), 0.0)
    if found.kind == "matching":
        asked = [line for line in found.lines if line.text]
        return sum(line.match == given for line, given in zip(asked, response, strict=True)) / len(
            asked
        )
    return sum(place == index for index, place in enumerate(response)) / len(found.lines)


def wildcard_match(pattern: str, response: str) -> bool:
    """Match as a short answer: a star is any text, unless there is a backslash before it."""
    parts = [part.replace(r"\*", "*") for part in re.split(r"(?<!\\)\*+", pattern)]
    expression = ".*".join(map(re.escape, parts))
    return bool(re.fullmatch(expression, response.strip(), re.IGNORECASE | re.DOTALL))
