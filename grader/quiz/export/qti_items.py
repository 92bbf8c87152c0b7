"""Writes questions as items of QTI 2.1 and 3.0: what is shown, and what is known of the answer.

The order of options in an item tells nothing about the key: steps of an ordering and the right
side of a matching lie in the order of their ids.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from grader.quiz.export.package import decimal, exact, repeated, title_of
from grader.quiz.export.qti_scoring import add_processing, feedback_of, mapping_of, name_of
from grader.quiz.export.qti_words import Writer
from grader.quiz.export.target import refuse
from grader.quiz.export.xml import add
from grader.quiz.model import Answer, Choice, Matching, Numeric, Ordering, Question, Short

RESPONSE = {"responseIdentifier": "RESPONSE"}
WIDTH = "20"  # characters of the line that is typed in; says nothing about the answer


def write_item(writer: Writer, question: Question, *, is_shuffled: bool) -> Any:
    """Return a question as the root element of its file.

    SCORE is the share of the points, from 0 to 1; the test weighs it with the points.

    Args:
        writer: Spells, and collects images.
        question: One variant.
        is_shuffled: Whether options may change places.

    Raises:
        ContentError: If two things that are chosen from are the same.
    """
    _hold_unique(question, writer.dialect.name)
    about = {"identifier": f"q-{question.variant_id}", "title": title_of(question)}
    item = writer.root("assessmentItem", about | {"adaptive": "false", "timeDependent": "false"})
    answer = question.answer
    _declare_response(writer, item, answer)
    _declare_outcomes(writer, item, question)
    body = writer.add(item, "itemBody")
    writer.blocks(body, question.stem)
    _ask(writer, body, answer, is_shuffled=is_shuffled)
    add_processing(writer, item, question)
    for name, text in feedback_of(answer).items():
        _say(writer, item, "FEEDBACK", name, text)
    if question.explanation:
        _say(writer, item, "EXPLANATION", "shown", question.explanation)
    return item


def _hold_unique(question: Question, target: str) -> None:
    if repeated(_ids(question.answer)):
        raise refuse(question, target, "needs things to choose from that differ; two are the same")


def _ids(answer: Answer) -> Iterator[str]:
    if isinstance(answer, Choice):
        yield from (option.option_id for option in answer.options)
    elif isinstance(answer, Ordering):
        yield from (step.step_id for step in answer.steps)
    elif isinstance(answer, Matching):
        yield from (left.left_id for left in answer.lefts)
        yield from (right.right_id for right in answer.rights)


def _declare_response(writer: Writer, item: Any, answer: Answer) -> None:
    cardinality, kind, right = _declaration(answer)
    about = {"identifier": "RESPONSE", "cardinality": cardinality, "baseType": kind}
    declaration = writer.add(item, "responseDeclaration", "", about)
    correct = writer.add(declaration, "correctResponse")
    for value in right:
        writer.add(correct, "value", value)
    mapping = mapping_of(answer)
    if mapping.entries:
        bounds = {"lowerBound": "0", "upperBound": "1"} if mapping.is_bounded else {}
        place = writer.add(declaration, "mapping", "", bounds | {"defaultValue": "0"})
        for key, share in mapping.entries.items():
            writer.add(place, "mapEntry", "", {"mapKey": key, "mappedValue": exact(share)})


def _declaration(answer: Answer) -> tuple[str, str, Sequence[str]]:
    """Return cardinality and base type of the response, and the right one."""
    if isinstance(answer, Choice):
        cardinality = "multiple" if answer.is_multiple else "single"
        return cardinality, "identifier", [name_of(option.option_id) for option in answer.right]
    if isinstance(answer, Numeric):
        return (
            "single",
            "float",
            [decimal(key.value) for key in answer.accepted if key.share == 1][:1],
        )
    if isinstance(answer, Short):
        return "single", "string", [key.text for key in answer.accepted if key.share == 1][:1]
    if isinstance(answer, Matching):
        return "multiple", "directedPair", list(mapping_of(answer).entries)
    return "ordered", "identifier", [name_of(step.step_id) for step in answer.steps]


def _declare_outcomes(writer: Writer, item: Any, question: Question) -> None:
    about = {"identifier": "SCORE", "cardinality": "single", "baseType": "float"}
    limits = {"normalMinimum": "0", "normalMaximum": "1"}
    score = writer.add(item, "outcomeDeclaration", "", about | limits)
    writer.add(writer.add(score, "defaultValue"), "value", "0")
    cardinality = "multiple" if question.kind == "multiple" else "single"
    names = {"FEEDBACK": cardinality} if feedback_of(question.answer) else {}
    if question.explanation:
        names["EXPLANATION"] = "single"
    for name, how_many in names.items():
        about = {"identifier": name, "cardinality": how_many, "baseType": "identifier"}
        writer.add(item, "outcomeDeclaration", "", about)


def _say(writer: Writer, item: Any, outcome: str, name: str, text: str) -> None:
    """Add what is shown when an outcome has a value."""
    about = {"outcomeIdentifier": outcome, "identifier": name, "showHide": "show"}
    writer.content(writer.add(item, "modalFeedback", "", about), text)


def _ask(writer: Writer, body: Any, answer: Answer, *, is_shuffled: bool) -> None:
    shuffle = {"shuffle": str(is_shuffled).lower()}
    if isinstance(answer, Choice):
        _choice(writer, body, answer, shuffle)
    elif isinstance(answer, Matching):
        _matching(writer, body, answer, shuffle)
    elif isinstance(answer, Ordering):
        _ordering(writer, body, answer)
    else:
        about = RESPONSE | {"expectedLength": WIDTH}
        writer.add(add(body, "p"), "textEntryInteraction", "", about)


def _choice(writer: Writer, body: Any, answer: Choice, shuffle: Mapping[str, str]) -> None:
    about = {**shuffle, "maxChoices": "0" if answer.is_multiple else "1"}
    interaction = writer.add(body, "choiceInteraction", "", RESPONSE | about)
    for option in answer.options:
        fixed = {"fixed": "true"} if option.is_fixed else {}
        about = {"identifier": name_of(option.option_id)} | fixed
        writer.inline(writer.add(interaction, "simpleChoice", "", about), option.text)


def _matching(writer: Writer, body: Any, answer: Matching, shuffle: Mapping[str, str]) -> None:
    about = {**shuffle, "maxAssociations": str(len(answer.lefts))}
    interaction = writer.add(body, "matchInteraction", "", RESPONSE | about)
    rights = sorted(answer.rights, key=lambda right: right.right_id)
    sides = (
        [(name_of(left.left_id), left.text, "1") for left in answer.lefts],
        [(name_of(right.right_id), right.text, "0") for right in rights],  # 0: any number
    )
    for side in sides:
        place = writer.add(interaction, "simpleMatchSet")
        for name, text, most in side:
            about = {"identifier": name, "matchMax": most}
            writer.inline(writer.add(place, "simpleAssociableChoice", "", about), text)


def _ordering(writer: Writer, body: Any, answer: Ordering) -> None:
    is_3 = writer.dialect.is_kebab
    down = {"class": "qti-orientation-vertical"} if is_3 else {"orientation": "vertical"}
    about = {"shuffle": "true"} | down
    interaction = writer.add(body, "orderInteraction", "", RESPONSE | about)
    for step in sorted(answer.steps, key=lambda step: step.step_id):
        about = {"identifier": name_of(step.step_id)}
        writer.inline(writer.add(interaction, "simpleChoice", "", about), step.text)
