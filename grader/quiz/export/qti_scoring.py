"""Writes how a response is scored, for QTI 2.1 and 3.0.

A standard template where one says it all; written out where feedback is shown or no template
fits. An empty response is asked for first: not every player compares with nothing as it should.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.quiz.export.package import decimal, exact
from grader.quiz.export.qti_words import Writer
from grader.quiz.model import (
    AcceptedNumber,
    AcceptedText,
    Answer,
    Choice,
    Matching,
    Numeric,
    Ordering,
    Question,
    Rule,
    Short,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """What each chosen thing adds to a sum.

    Attributes:
        entries: Name of an option, or "left right", to what it adds.
        is_bounded: Whether the sum is kept in [0, 1].
    """

    entries: Mapping[str, float] = field(default_factory=dict)
    is_bounded: bool = True


def name_of(one_id: str) -> str:
    """Return the identifier of an option, a step or a side: one may not begin with a digit."""
    return f"o-{one_id}"


def mapping_of(answer: Answer) -> Weights:
    """Return the mapping of a response; empty where none is needed."""
    if isinstance(answer, Matching):
        pairs = [f"{name_of(left.left_id)} {name_of(left.right_id)}" for left in answer.lefts]
        return Weights(entries=dict.fromkeys(pairs, 1 / len(pairs)))
    if not isinstance(answer, Choice) or not answer.is_multiple or answer.rule is Rule.ALL:
        return Weights()
    right, wrong = len(answer.right), len(answer.wrong)
    hit, slip = {
        Rule.NET: (1 / right, -1 / right),
        Rule.BALANCED: (1 / right, -1 / max(wrong, 1)),
        Rule.EACH: (1 / (right + wrong), -1 / (right + wrong)),
        Rule.COVERAGE: (1.0, 0.0),
    }[answer.rule]
    return Weights(
        entries={name_of(o.option_id): hit if o.is_right else slip for o in answer.options},
        is_bounded=answer.rule in (Rule.NET, Rule.BALANCED),
    )


def feedback_of(answer: Answer) -> dict[str, str]:
    """Return what is said to single answers: value of the outcome FEEDBACK to text."""
    if isinstance(answer, Choice):
        said = {name_of(option.option_id): option.feedback for option in answer.options}
    elif isinstance(answer, Numeric | Short):
        entries: Sequence[AcceptedNumber | AcceptedText] = answer.accepted
        said = {f"answer-{n}": entry.feedback for n, entry in enumerate(entries, 1)}
    else:
        said = {}
    return {name: text for name, text in said.items() if text}


def add_processing(writer: Writer, item: Any, question: Question) -> None:
    """Append the response processing of a question."""
    answer = question.answer
    said = feedback_of(answer)
    template = _template(answer)
    if template and not said and not question.explanation:
        address = writer.dialect.templates.format(name=template)
        writer.add(item, "responseProcessing", "", {"template": address})
        return
    processing = writer.add(item, "responseProcessing")
    condition = writer.add(processing, "responseCondition")
    blank = writer.add(condition, "responseIf")
    writer.variable(writer.add(blank, "isNull"), "RESPONSE")
    _set_score(writer, blank, _of_blank(answer))
    if isinstance(answer, Numeric | Short):
        _add_cases(writer, condition, answer, said)
    else:
        given = writer.add(condition, "responseElse")
        _add_score(writer, given, answer)
        if said:
            writer.variable(_setting(writer, given, "FEEDBACK"), "RESPONSE")
    if question.explanation:
        writer.constant(_setting(writer, processing, "EXPLANATION"), "identifier", "shown")


def _template(answer: Answer) -> str:
    """Return the standard template that scores such an answer; empty if none does."""
    if isinstance(answer, Matching):
        return "map_response"
    if not isinstance(answer, Choice):
        return ""
    if not answer.is_multiple or answer.rule is Rule.ALL:
        return "match_correct"
    return "map_response" if answer.rule in (Rule.NET, Rule.BALANCED) else ""


def _setting(writer: Writer, parent: Any, outcome: str) -> Any:
    return writer.add(parent, "setOutcomeValue", "", {"identifier": outcome})


def _set_score(writer: Writer, parent: Any, score: float) -> None:
    writer.constant(_setting(writer, parent, "SCORE"), "float", exact(score))


def _of_blank(answer: Answer) -> float:
    if isinstance(answer, Choice) and answer.is_multiple and answer.rule is Rule.EACH:
        return len(answer.wrong) / len(answer.options)  # what is rightly left counts
    return 0.0


def _add_score(writer: Writer, parent: Any, answer: Choice | Matching | Ordering) -> None:
    if isinstance(answer, Ordering):
        _add_places(writer, parent, answer)
    elif _template(answer) == "match_correct":
        condition = writer.add(parent, "responseCondition")
        right = writer.add(condition, "responseIf")
        match = writer.add(right, "match")
        writer.variable(match, "RESPONSE")
        writer.add(match, "correct", "", {"identifier": "RESPONSE"})
        _set_score(writer, right, 1.0)
    else:
        _add_sum(writer, _setting(writer, parent, "SCORE"), answer)


def _add_sum(writer: Writer, parent: Any, answer: Choice | Matching) -> None:
    """Add the expression that is made of the mapping."""
    mapped = {"identifier": "RESPONSE"}
    rule = answer.rule if isinstance(answer, Choice) else Rule.NET
    if rule is Rule.EACH:
        total = writer.add(parent, "sum")
        writer.constant(total, "float", exact(_of_blank(answer)))
        writer.add(total, "mapResponse", "", mapped)
    elif isinstance(answer, Choice) and rule is Rule.COVERAGE:  # t * t / (c * (t + f))
        quotient = writer.add(parent, "divide")
        hits = writer.add(quotient, "product")
        writer.add(hits, "mapResponse", "", mapped)
        writer.add(hits, "mapResponse", "", mapped)
        ticked = writer.add(quotient, "product")
        writer.constant(ticked, "integer", str(len(answer.right)))
        writer.variable(writer.add(ticked, "containerSize"), "RESPONSE")
    else:
        writer.add(parent, "mapResponse", "", mapped)


def _add_places(writer: Writer, parent: Any, answer: Ordering) -> None:
    """Count the steps at their place, then divide by how many there are."""
    for place, step in enumerate(answer.steps, 1):
        there = writer.add(writer.add(parent, "responseCondition"), "responseIf")
        match = writer.add(there, "match")
        writer.variable(writer.add(match, "index", "", {"n": str(place)}), "RESPONSE")
        writer.constant(match, "identifier", name_of(step.step_id))
        total = writer.add(_setting(writer, there, "SCORE"), "sum")
        writer.variable(total, "SCORE")
        writer.constant(total, "float", "1")
    share = writer.add(_setting(writer, parent, "SCORE"), "divide")
    writer.variable(share, "SCORE")
    writer.constant(share, "float", str(len(answer.steps)))


def _add_cases(
    writer: Writer, condition: Any, answer: Numeric | Short, said: Mapping[str, str]
) -> None:
    """Add the accepted answers; the first that fits counts."""
    entries: Sequence[AcceptedNumber | AcceptedText] = answer.accepted
    for number, accepted in enumerate(entries, 1):
        case = writer.add(condition, "responseElseIf")
        if isinstance(accepted, AcceptedNumber):
            _add_number(writer, case, accepted)
        else:
            _add_text(writer, case, accepted)
        _set_score(writer, case, accepted.share)
        if f"answer-{number}" in said:
            writer.constant(_setting(writer, case, "FEEDBACK"), "identifier", f"answer-{number}")


def _add_text(writer: Writer, parent: Any, accepted: AcceptedText) -> None:
    match = writer.add(parent, "stringMatch", "", {"caseSensitive": "false"})
    writer.variable(match, "RESPONSE")
    writer.constant(match, "string", " ".join(accepted.text.split()))


def _add_number(writer: Writer, parent: Any, accepted: AcceptedNumber) -> None:
    """Compare with a number, as scoring does: with a billionth more than the tolerance."""
    slack = accepted.tolerance + 1e-9 * max(abs(accepted.value), accepted.tolerance)
    if writer.dialect.has_tolerance:
        about = {"toleranceMode": "absolute", "tolerance": f"{decimal(slack)} {decimal(slack)}"}
        equal = writer.add(parent, "equal", "", about)
        writer.variable(equal, "RESPONSE")
        writer.constant(equal, "float", decimal(accepted.value))
        return
    both = writer.add(parent, "and")
    for name, bound in (("gte", accepted.value - slack), ("lte", accepted.value + slack)):
        compared = writer.add(both, name)
        writer.variable(compared, "RESPONSE")
        writer.constant(compared, "float", decimal(bound))
