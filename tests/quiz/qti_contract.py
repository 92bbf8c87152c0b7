"""What holds for a package of QTI 2.1 and of QTI 3.0 alike; the tests of both call these."""

from collections.abc import Mapping
from typing import Any

import qti_reader as reader
from lxml import html

from grader.quiz.export.xml import legal
from grader.quiz.markup import to_inline_html
from grader.quiz.model import Choice, Matching, Ordering, Question, Quiz, Value
from grader.quiz.scoring import mark

MANIFEST = "imsmanifest.xml"


def as_response(question: Question, value: Value) -> reader.Response:
    """Return a response as a player would hold it."""
    if isinstance(value, Mapping):
        return [f"o-{left} o-{right}" for left, right in value.items()]
    if isinstance(value, str):
        return " ".join(value.split())
    names = [f"o-{one}" for one in value]
    if isinstance(question.answer, Choice) and not question.answer.is_multiple:
        return names[0] if names else None
    return names


def item_of(content: bytes, question: Question) -> reader.Item:
    return reader.Item(reader.read_zip(content)[f"items/{question.variant_id}.xml"])


def check_score(content: bytes, question: Question, value: Value) -> None:
    """The package scores a response as dlab does, and shows the same feedback."""
    item, ours = item_of(content, question), mark(question, value)
    response = as_response(question, value)
    assert abs(item.score(response) - ours.fraction) < 1e-9
    expected = len(ours.feedback) + bool(question.explanation)
    assert len(item.shown(response)) == expected


def check_package(content: bytes, quiz: Quiz) -> None:
    """Well-formed, the manifest lists every file once, identifiers are NCNames and unique."""
    files = reader.read_zip(content)
    assert next(iter(files)) == MANIFEST
    trees = {name: reader.parse(data) for name, data in files.items() if name.endswith(".xml")}
    listed = {file.get("href") for file in reader.below(trees[MANIFEST], "file")}
    assert listed == set(files) - {MANIFEST}
    resources = reader.below(trees[MANIFEST], "resource")
    check_names([resource.get("identifier") for resource in resources])
    known = {resource.get("identifier"): resource.get("href") for resource in resources}
    for dependency in reader.below(trees[MANIFEST], "dependency"):
        assert dependency.get("identifierref") in known
    references = reader.below(trees["test.xml"], "assessmentItemRef")
    check_names([reference.get("identifier") for reference in references])
    assert {reference.get("href") for reference in references} <= set(files)
    assert len(references) == len(list(quiz.questions()))
    for question in quiz.questions():
        check_item(trees[f"items/{question.variant_id}.xml"])


def check_names(names: list[str]) -> None:
    assert len(set(names)) == len(names)
    assert all(reader.NCNAME.fullmatch(one) for one in names)


def check_item(root: Any) -> None:
    """The parts are in the order of the schema, names are sound, and nothing foreign is in it."""
    order = ["responseDeclaration", "outcomeDeclaration", "itemBody", "responseProcessing"]
    order.append("modalFeedback")
    places = [order.index(reader.name(child)) for child in root]
    assert places == sorted(places)
    chosen = [*reader.below(root, "simpleChoice"), *reader.below(root, "simpleAssociableChoice")]
    check_names([one.get("identifier") for one in chosen])
    declared = [reader.attribute(d, "identifier") for d in root if "Declaration" in reader.name(d)]
    check_names(declared)
    for rule in reader.below(root, "setOutcomeValue"):
        assert reader.attribute(rule, "identifier") in declared
    tags = {reader.name(element) for element in root.iter()}
    assert not tags & {"script", "s", "iframe"}
    assert not any(set(element.attrib) & {"style", "start", "onerror"} for element in root.iter())


def check_texts(content: bytes, question: Question) -> None:
    """What stands in the package reads as the bank's text does in HTML."""
    root = item_of(content, question).root
    chosen = [*reader.below(root, "simpleChoice"), *reader.below(root, "simpleAssociableChoice")]
    shown = {one.get("identifier").removeprefix("o-"): reader.text_of(one) for one in chosen}
    for one_id, text in texts_of(question):
        assert shown[one_id] == read_as_html(text)


def texts_of(question: Question) -> list[tuple[str, str]]:
    answer = question.answer
    if isinstance(answer, Choice):
        return [(option.option_id, option.text) for option in answer.options]
    if isinstance(answer, Ordering):
        return [(step.step_id, step.text) for step in answer.steps]
    if isinstance(answer, Matching):
        lefts = [(left.left_id, left.text) for left in answer.lefts]
        return lefts + [(right.right_id, right.text) for right in answer.rights]
    return []


def read_as_html(text: str) -> str:
    """Return what a browser shows of the bank's text."""
    markup = legal(to_inline_html(text))
    return " ".join(html.fragment_fromstring(markup, create_parent="div").text_content().split())
