"""Reads a QTI 1.2 package the way Canvas' importer does, with all that it does silently.

Written from the behaviour of instructure/canvas-lms, gems/plugins/qti_exporter (choice, numeric,
associate and extended text interactions) and of its quiz engine; no code of ours is used.
"""

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import qti_reader
from lxml import html


@dataclass
class Answer:
    """One answer as Canvas keeps it; of a choice with its weight, of a number with its bounds."""

    number: int
    text: str
    weight: int = 0
    exact: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    digits: int = 0
    match: int = 0
    feedback: str = ""


@dataclass
class Imported:
    """One question as Canvas keeps it."""

    ident: str
    title: str
    kind: str
    points: float
    text: str
    answers: list[Answer]
    matches: dict[int, str] = field(default_factory=dict)
    general: str = ""

    @property
    def right(self) -> list[str]:
        """Texts of the answers that earn all points."""
        return sorted(answer.text for answer in self.answers if answer.weight)


def all_of(element: Any, tag: str) -> list[Any]:
    return list(element.iter("{*}" + tag))


def first(element: Any, tag: str) -> Any:
    return next(iter(all_of(element, tag)), None)


def child(element: Any, tag: str) -> Any:
    return next((one for one in element if qti_reader.name(one) == tag), None)


def plain(mattext: Any) -> str:
    """Return what is shown of a text."""
    text = mattext.text or ""
    if mattext.get("texttype") == "text/html":
        text = html.fragment_fromstring(text, create_parent="div").text_content()
    return " ".join(text.split())


def digits_of(ident: str) -> int:
    """Return the number that Canvas makes of an id: its first run of digits."""
    found = re.search(r"\d+", ident)
    assert found, ident
    return int(found[0])


def number_of(ident: str, place: int) -> int:
    """Return the number of an option: Canvas makes up one if the id is none."""
    return int(ident) if ident.isdecimal() else place


def find_assessment(files: dict[str, bytes]) -> Any:
    """Return the root of the file that the manifest calls an assessment."""
    manifest = qti_reader.parse(files["imsmanifest.xml"])
    resource = next(r for r in all_of(manifest, "resource") if r.get("type") == "imsqti_xmlv1p2")
    return qti_reader.parse(files[first(resource, "file").get("href")])


def read(content: bytes) -> list[list[Imported]]:
    """Return the questions; those of which Canvas gives one stand in one list."""
    root = first(find_assessment(qti_reader.read_zip(content)), "section")
    groups = []
    for one in root:
        if qti_reader.name(one) == "item":
            groups.append([read_item(one)])
        elif qti_reader.name(one) == "section":
            assert first(one, "selection_number").text == "1"
            group = [read_item(item) for item in all_of(one, "item")]
            for question in group:  # what the group says counts, not what the item says
                question.points = float(first(one, "points_per_item").text)
            groups.append(group)
    return groups


def metadata(item: Any) -> dict[str, str]:
    fields = all_of(first(item, "itemmetadata"), "qtimetadatafield")
    return {first(f, "fieldlabel").text: first(f, "fieldentry").text for f in fields}


def read_item(item: Any) -> Imported:
    about = metadata(item)
    kind = about["question_type"]
    answers = READERS[kind](item)
    said = {f.get("ident"): plain(first(f, "mattext")) for f in all_of(item, "itemfeedback")}
    for answer in answers:
        answer.feedback = said.get(answer.feedback, "")
    shown = [e.get("linkrefid") for e in all_of(item, "displayfeedback")]
    assert set(shown) <= set(said)
    matches = {}
    if kind == "matching_question":
        rows = [all_of(row, "response_label") for row in all_of(item, "response_lid")]
        matches = {digits_of(o.get("ident")): plain(first(o, "mattext")) for o in rows[0]}
        assert len(matches) == len(rows[0]), "two entries of the menu have one number"
    return Imported(
        ident=item.get("ident"),
        title=item.get("title"),
        kind=kind,
        points=float(about["points_possible"]),
        text=plain(first(first(item, "presentation"), "mattext")),
        answers=answers,
        matches=matches,
        general=said.get("general_fb", ""),
    )


def conditions(item: Any) -> list[Any]:
    return all_of(first(item, "resprocessing"), "respcondition")


def feedback_of(condition: Any) -> str:
    found = first(condition, "displayfeedback")
    return found.get("linkrefid") if found is not None else ""


def read_choice(item: Any) -> list[Answer]:
    """Each condition sets the weight of its answer anew: a later one without points takes it."""
    answers = {
        label.get("ident"): Answer(number_of(label.get("ident"), n), plain(first(label, "mattext")))
        for n, label in enumerate(all_of(item, "response_label"))
    }
    assert len({answer.number for answer in answers.values()}) == len(answers)
    for condition in conditions(item):
        variables = child(condition, "conditionvar")
        both = child(variables, "and")
        points = first(condition, "setvar")
        weight = 100 if points is not None and float(points.text) > 0 else 0
        place = variables if both is None else both
        equals = [one for one in place if qti_reader.name(one) == "varequal"]
        for equal in equals if both is not None else equals[:1]:
            answer = answers[equal.text]
            answer.weight = weight
            answer.feedback = answer.feedback or feedback_of(condition)
    return list(answers.values())


def read_text(item: Any) -> list[Answer]:
    """Every text in any condition is a right answer."""
    answers: dict[str, Answer] = {}
    for condition in conditions(item):
        for equal in all_of(condition, "varequal"):
            new = Answer(len(answers), equal.text, 100)
            answer = answers.setdefault(equal.text, new)
            answer.feedback = answer.feedback or feedback_of(condition)
    return list(answers.values())


def read_number(item: Any) -> list[Answer]:
    """Every number in any condition is a right answer; a margin may be read as digits."""
    answers = []
    for condition in conditions(item):
        low, high = first(condition, "vargte"), first(condition, "varlte")
        if low is None or high is None:
            continue
        answer = Answer(len(answers), "", 100, low=Decimal(low.text), high=Decimal(high.text))
        answer.feedback = feedback_of(condition)
        if first(condition, "or") is not None:
            answer.exact = Decimal(first(condition, "varequal").text)
            answer.text = first(condition, "varequal").text
            answer.digits = digits_of_margin(answer, low.text, high.text)
        answers.append(answer)
    return answers


def digits_of_margin(answer: Answer, low: str, high: str) -> int:
    """Return how many significant digits Canvas takes a margin for; 0 if it keeps the margin."""
    assert answer.low is not None
    assert answer.high is not None
    assert answer.exact is not None
    fives = all(re.sub(r"[0.]", "", text).endswith("5") for text in (low, high))
    width = (answer.high - answer.low).normalize()
    if not fives or answer.exact - answer.low != answer.high - answer.exact:
        return 0
    if width.as_tuple().digits != (1,):
        return 0
    return answer.exact.adjusted() + 1 - (width.adjusted() + 1) + 1


def read_matching(item: Any) -> list[Answer]:
    rows = {row.get("ident"): row for row in all_of(item, "response_lid")}
    answers = {
        ident: Answer(digits_of(ident), plain(first(row, "mattext"))) for ident, row in rows.items()
    }
    assert len({answer.number for answer in answers.values()}) == len(answers)
    for condition in conditions(item):
        equal, points = first(condition, "varequal"), first(condition, "setvar")
        if equal is not None:
            assert points.get("action") == "Add"
            answers[equal.get("respident")].match = digits_of(equal.text)
    return list(answers.values())


READERS = {
    "matching_question": read_matching,
    "multiple_answers_question": read_choice,
    "multiple_choice_question": read_choice,
    "numerical_question": read_number,
    "short_answer_question": read_text,
    "true_false_question": read_choice,
}


def score_choice(question: Imported, ticked: set[int]) -> float:
    """One answer: its weight. Several: hits less slips, of all that are right."""
    chosen = [answer for answer in question.answers if answer.number in ticked]
    if question.kind != "multiple_answers_question":
        return sum(answer.weight for answer in chosen) / 100 if len(chosen) == 1 else 0.0
    hits = sum(1 if answer.weight else -1 for answer in chosen)
    return max(0.0, hits / len(question.right))


def score_text(question: Imported, typed: str) -> float:
    given = typed.strip().casefold()
    return float(any(answer.text.casefold() == given for answer in question.answers))


def score_number(question: Imported, typed: str) -> float:
    try:
        number = Decimal(typed)
    except InvalidOperation:
        return 0.0
    return float(any(fits(answer, number) for answer in question.answers))


def fits(answer: Answer, number: Decimal) -> bool:
    if answer.digits:
        rounded = Decimal(f"{number:.{answer.digits - 1}e}")
        return rounded == answer.exact
    assert answer.low is not None
    assert answer.high is not None
    return answer.low <= number <= answer.high


def score_matching(question: Imported, given: dict[int, int]) -> float:
    right = sum(given.get(answer.number) == answer.match for answer in question.answers)
    return right / len(question.answers)
