"""What edX calls responses: how a question of a problem is answered and scored.

Rules that edX has for several right options: `all` (no partial credit) and `each` (EDC; rounded to
hundredths, and a blank earns nothing). A number may earn half of the points, a text all or nothing.
"""

from collections.abc import Sequence
from typing import Any

from grader.quiz.export import xml
from grader.quiz.export.carry import (
    decimal,
    hold_choice,
    hold_full_share,
    hold_texts,
    hold_typed,
    same_as,
)
from grader.quiz.export.target import Wish, refuse
from grader.quiz.markup import images_in, to_html, to_inline_html, to_text
from grader.quiz.model import (
    AcceptedNumber,
    Choice,
    Matching,
    Numeric,
    Option,
    Question,
    Quiz,
    Rule,
    Short,
)

TARGET = "Open edX"
HALF = 0.5


def add_response(problem: Any, quiz: Quiz, question: Question, wish: Wish, label: str) -> None:
    """Append what is to be answered.

    Args:
        problem: Where to.
        quiz: Says whether options are shuffled.
        question: The variant.
        wish: Says whether a part of the points may become nothing.
        label: HTML that stands before the answer.

    Raises:
        ContentError: If edX cannot ask or score it.
    """
    answer = question.answer
    if isinstance(answer, Choice):
        _add_choice(problem, quiz, question, answer, label)
    elif isinstance(answer, Numeric):
        _add_number(problem, question, _carried(question, answer, wish), label)
    elif isinstance(answer, Short):
        _add_text(problem, question, answer, wish, label)
    elif isinstance(answer, Matching):
        _add_lists(problem, question, answer, label)
    else:
        raise refuse(
            question, TARGET, "knows no ordering; ask for the order as a matching, or use qti3"
        )


def _labelled(problem: Any, tag: str, label: str, attributes: dict[str, str]) -> Any:
    response = xml.add(problem, tag, attributes=attributes)
    xml.add_html(xml.add(response, "label"), label)
    return response


def _add_choice(problem: Any, quiz: Quiz, question: Question, answer: Choice, label: str) -> None:
    hold_choice(question, answer, TARGET)
    hold_texts(question, [to_html(o.text) for o in answer.options], TARGET, "option")
    if any(images_in(option.text) for option in answer.options):
        raise refuse(question, TARGET, "gets options without images here; show them in the stem")
    if answer.is_multiple:
        credit = {} if same_as(answer, Rule.ALL) else {"partial_credit": "EDC"}
        if credit and not same_as(answer, Rule.EACH):
            raise refuse(
                question,
                TARGET,
                f"cannot score by '{answer.rule.value}'; write {{scoring=all}} or "
                "{scoring=each} in its heading",
            )
        response = _labelled(problem, "choiceresponse", label, credit)
        group = xml.add(response, "checkboxgroup")
    else:
        response = _labelled(problem, "multiplechoiceresponse", label, {})
        group = xml.add(response, "choicegroup", "", {"type": "MultipleChoice"})
    _add_options(group, _ordered(group, quiz, answer))


def _ordered(group: Any, quiz: Quiz, answer: Choice) -> Sequence[Option]:
    """Let edX shuffle; checkboxes, which it cannot shuffle, stand in the order of their ids."""
    if not quiz.shuffle_options:
        return answer.options
    fixed = "".join("x" if option.is_fixed else " " for option in answer.options)
    if answer.is_multiple:
        free = "x" not in fixed
        return sorted(answer.options, key=lambda o: o.option_id) if free else answer.options
    if "x" not in fixed.strip("x"):  # edX keeps those at the beginning and at the end
        group.set("shuffle", "true")
    return answer.options


def _add_options(group: Any, options: Sequence[Option]) -> None:
    for option in options:
        attributes = {"correct": "true" if option.is_right else "false"}
        if option.is_fixed:
            attributes["fixed"] = "true"
        xml.add_html(xml.add(group, "choice", "", attributes), to_inline_html(option.text))


def _carried(question: Question, answer: Numeric, wish: Wish) -> list[AcceptedNumber]:
    """Return the accepted numbers that earn something, or refuse them."""
    hold_full_share(question, answer.accepted, TARGET)
    main = next(number for number in answer.accepted if number.share == 1)
    _hold_apart(question, answer, main)
    kept = [main]
    for number in answer.accepted:
        if number is main or number.share == 0:
            continue
        if (number.share == 1 and number.tolerance == 0) or (
            number.share == HALF and number.tolerance == main.tolerance
        ):
            kept.append(number)
        elif number.share == 1 or not wish.whole_points:
            raise refuse(
                question,
                TARGET,
                f"accepts beside {main.value:g} only exact numbers, or numbers with the same "
                f"tolerance for half of the points; not {number.value:g} for {number.share:.0%}"
                + ("" if number.share == 1 else "; see --whole-points"),
            )
    return kept if not wish.whole_points else [n for n in kept if n.share == 1]


def _hold_apart(question: Question, answer: Numeric, main: AcceptedNumber) -> None:
    """Refuse numbers that two lines accept: edX takes the better one, we take the first."""
    for place, early in enumerate(answer.accepted):
        for late in answer.accepted[place + 1 :]:
            touches = abs(early.value - late.value) <= early.tolerance + late.tolerance
            if touches and early.share != late.share and early is not main:
                raise refuse(
                    question,
                    TARGET,
                    f"cannot tell {early.value:g} from {late.value:g}: their tolerances overlap",
                )


def _add_number(
    problem: Any, question: Question, accepted: Sequence[AcceptedNumber], label: str
) -> None:
    main = accepted[0]
    halves = [decimal(question, n.value, TARGET) for n in accepted if n.share == HALF]
    attributes = {"answer": decimal(question, main.value, TARGET)}
    attributes |= {"partial_credit": "list"} if halves else {}
    response = _labelled(problem, "numericalresponse", label, attributes)
    tolerance = {"type": "tolerance", "default": decimal(question, main.tolerance, TARGET)}
    if halves:
        tolerance["partial_answers"] = ",".join(halves)
    xml.add(response, "responseparam", "", tolerance)
    for number in accepted[1:]:
        if number.share == 1:
            more = {"answer": decimal(question, number.value, TARGET)}
            xml.add(response, "additional_answer", "", more)
    xml.add(response, "formulaequationinput")


def _add_text(problem: Any, question: Question, answer: Short, wish: Wish, label: str) -> None:
    hold_typed(question, answer, TARGET)
    if not wish.whole_points and any(0 < text.share < 1 for text in answer.accepted):
        raise refuse(
            question,
            TARGET,
            "knows no text that earns a part of the points; take the (..%) off or see "
            "--whole-points",
        )
    right = [text.text for text in answer.accepted if text.share == 1]
    if any("_or_" in text.lower() for text in right):
        raise refuse(question, TARGET, "takes '_or_' in an answer for two answers; ask otherwise")
    response = _labelled(problem, "stringresponse", label, {"answer": right[0], "type": "ci"})
    for text in right[1:]:
        xml.add(response, "additional_answer", "", {"answer": text})
    xml.add(response, "textline", "", {"size": "20"})


def _add_lists(problem: Any, question: Question, answer: Matching, label: str) -> None:
    """Add a dropdown for each left side; all have all right sides, in the order of their ids."""
    if any(images_in(right.text) for right in answer.rights):
        raise refuse(question, TARGET, "has no images in a list; swap the sides of the matching")
    rights = {
        right.right_id: " ".join(to_text(right.text).split())
        for right in sorted(answer.rights, key=lambda right: right.right_id)
    }
    hold_texts(question, [to_html(left.text) for left in answer.lefts], TARGET, "left side")
    hold_texts(question, list(rights.values()), TARGET, "right side")
    if any("'" in text for text in rights.values()):
        raise refuse(
            question, TARGET, "breaks a list at an apostrophe (') on the right; write \u2019"
        )
    xml.add_html(xml.add(problem, "div"), label)
    for left in answer.lefts:
        response = _labelled(problem, "optionresponse", to_inline_html(left.text), {})
        choices = xml.add(response, "optioninput")
        for right_id, text in rights.items():
            is_right = "True" if right_id == left.right_id else "False"
            xml.add(choices, "option", text, {"correct": is_right})


def notes(question: Question) -> list[tuple[str, str]]:
    """Return the feedback to options and to accepted answers: Markdown, after what it is to."""
    answer = question.answer
    if isinstance(answer, Choice):
        return [(option.text, option.feedback) for option in answer.options if option.feedback]
    if isinstance(answer, Numeric):
        return [
            (f"`{decimal(question, number.value, TARGET)}`", number.feedback)
            for number in answer.accepted
            if number.feedback
        ]
    if isinstance(answer, Short):
        return [(f"`{text.text}`", text.feedback) for text in answer.accepted if text.feedback]
    return []
