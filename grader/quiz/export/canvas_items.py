"""Writes questions as items of QTI 1.2, the way Canvas writes them itself.

What Canvas' importer does silently is avoided here:
- Feedback conditions come before the one that scores: each resets the weight of its answer.
- Every text or number in a condition is taken for a right answer, so those that earn nothing are
  left out, and with them their feedback.
- Ids of answers are whole numbers: it reads the first digits of an id and drops the rest.
- A margin of half a unit is read as "so many significant digits", which rejects answers just
  below a power of ten: such a key is written as a range.

Source: instructure/canvas-lms, lib/cc/qti/qti_items.rb and gems/plugins/qti_exporter.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from grader.quiz.export import canvas_rules
from grader.quiz.export.package import Pictures, title_of
from grader.quiz.export.xml import add
from grader.quiz.markup import to_html, to_inline_html
from grader.quiz.model import Choice, Matching, Numeric, Question, Short

IMAGE_BASE = "%24IMS-CC-FILEBASE%24/"  # "$IMS-CC-FILEBASE$": the root of the package
RESPONSE = {"respident": "response1"}
KINDS = {
    "single": "multiple_choice_question",
    "multiple": "multiple_answers_question",
    "numeric": "numerical_question",
    "short": "short_answer_question",
    "matching": "matching_question",
}


@dataclass(frozen=True, slots=True)
class Texts:
    """Turns the bank's Markdown into HTML for Canvas."""

    pictures: Pictures

    def _image(self, path: str) -> str:
        return IMAGE_BASE + self.pictures.add(path)

    def block(self, text: str) -> str:
        """Return paragraphs."""
        return to_html(text, image=self._image)

    def inline(self, text: str) -> str:
        """Return a text without the paragraph around it."""
        return to_inline_html(text, image=self._image)


def add_fields(parent: Any, fields: Mapping[str, str]) -> None:
    """Add metadata: label to value."""
    metadata = add(parent, "qtimetadata")
    for label, value in fields.items():
        field = add(metadata, "qtimetadatafield")
        add(field, "fieldlabel", label)
        add(field, "fieldentry", value)


def add_item(parent: Any, question: Question, texts: Texts) -> None:
    """Add a question that canvas_rules has no problem with."""
    about = {"ident": f"q-{question.variant_id}", "title": title_of(question)}
    item = add(parent, "item", "", about)
    fields = {
        "question_type": _kind(question),
        "points_possible": str(question.points),
        "assessment_question_identifierref": f"aq-{question.variant_id}",
    }
    add_fields(add(item, "itemmetadata"), fields)
    presentation = add(item, "presentation")
    _material(presentation, texts.block(question.stem))
    processing = add(item, "resprocessing")
    outcomes = add(processing, "outcomes")
    score = {"maxvalue": "100", "minvalue": "0", "varname": "SCORE", "vartype": "Decimal"}
    add(outcomes, "decvar", "", score)
    said = dict(_explained(processing, question))
    said |= WRITERS[type(question.answer)](question.answer, presentation, processing, texts)
    for name, text in said.items():
        feedback = add(item, "itemfeedback", "", {"ident": name})
        _material(add(feedback, "flow_mat"), texts.block(text))


def _kind(question: Question) -> str:
    if canvas_rules.is_true_false(question.answer):
        return "true_false_question"
    return KINDS[question.kind]


def _material(parent: Any, markup: str, kind: str = "text/html") -> None:
    add(add(parent, "material"), "mattext", markup, {"texttype": kind})


def _explained(processing: Any, question: Question) -> Iterator[tuple[str, str]]:
    """Add the explanation, which is shown whatever was answered; give its name and text."""
    if question.explanation:
        _show(add(_condition(processing, "Yes"), "other"), "general_fb")
        yield "general_fb", question.explanation


def _condition(processing: Any, proceed: str) -> Any:
    condition = add(processing, "respcondition", "", {"continue": proceed})
    return add(condition, "conditionvar")


def _show(inside: Any, name: str) -> None:
    """Add to the condition that an element stands in which feedback it shows."""
    condition = next(inside.iterancestors("{*}respcondition"))
    add(condition, "displayfeedback", "", {"feedbacktype": "Response", "linkrefid": name})


def _earn(variables: Any, action: str = "Set", points: str = "100") -> None:
    add(variables.getparent(), "setvar", points, {"action": action, "varname": "SCORE"})


def _choice(answer: Choice, presentation: Any, processing: Any, texts: Texts) -> dict[str, str]:
    numbers = canvas_rules.numbers([option.option_id for option in answer.options])
    cardinality = "Multiple" if answer.is_multiple else "Single"
    shown = add(
        presentation, "response_lid", "", {"ident": "response1", "rcardinality": cardinality}
    )
    choices = add(shown, "render_choice")
    is_plain = canvas_rules.is_true_false(answer)
    for option in answer.options:
        label = add(choices, "response_label", "", {"ident": numbers[option.option_id]})
        text = option.text.strip().capitalize() if is_plain else texts.inline(option.text)
        _material(label, text, "text/plain" if is_plain else "text/html")
    said = {}
    for option in answer.options:
        if option.feedback:
            number = numbers[option.option_id]
            _show(add(_condition(processing, "Yes"), "varequal", number, RESPONSE), f"{number}_fb")
            said[f"{number}_fb"] = option.feedback
    variables = _condition(processing, "No")
    target = add(variables, "and") if answer.is_multiple else variables
    for option in answer.options:
        if option.is_right or answer.is_multiple:
            place = target if option.is_right else add(target, "not")
            add(place, "varequal", numbers[option.option_id], RESPONSE)
    _earn(variables)
    return said


def _typed(presentation: Any, **attributes: str) -> None:
    shown = add(presentation, "response_str", "", {"ident": "response1", "rcardinality": "Single"})
    add(add(shown, "render_fib", "", attributes), "response_label", "", {"ident": "answer1"})


def _numeric(answer: Numeric, presentation: Any, processing: Any, _: Texts) -> dict[str, str]:
    _typed(presentation, fibtype="Decimal")
    said = {}
    for number, accepted in enumerate(canvas_rules.keys(answer.accepted), 1):
        low, exact, high = canvas_rules.bounds(accepted)
        variables = _condition(processing, "No")
        between = variables
        if not canvas_rules.is_read_as_digits(low, exact, high):
            either = add(variables, "or")
            add(either, "varequal", f"{exact:f}", RESPONSE)
            between = add(either, "and")
        add(between, "vargte", f"{low:f}", RESPONSE)
        add(between, "varlte", f"{high:f}", RESPONSE)
        _earn(variables)
        if accepted.feedback:
            _show(between, f"{number}_fb")
            said[f"{number}_fb"] = accepted.feedback
    return said


def _short(answer: Short, presentation: Any, processing: Any, _: Texts) -> dict[str, str]:
    _typed(presentation)
    said = {}
    keys = canvas_rules.keys(answer.accepted)
    for number, accepted in enumerate(keys, 1):
        if accepted.feedback:
            text = " ".join(accepted.text.split())
            _show(add(_condition(processing, "Yes"), "varequal", text, RESPONSE), f"{number}_fb")
            said[f"{number}_fb"] = accepted.feedback
    variables = _condition(processing, "No")
    for accepted in keys:
        add(variables, "varequal", " ".join(accepted.text.split()), RESPONSE)
    _earn(variables)
    return said


def _matching(answer: Matching, presentation: Any, processing: Any, texts: Texts) -> dict[str, str]:
    """Write a row for each left; rights are plain text, as they stand in a menu."""
    lefts = canvas_rules.numbers([left.left_id for left in answer.lefts])
    rights = canvas_rules.numbers([right.right_id for right in answer.rights])
    share = f"{100 / len(answer.lefts):.5f}"
    for left in answer.lefts:
        name = f"response_{lefts[left.left_id]}"
        row = add(presentation, "response_lid", "", {"ident": name})
        _material(row, texts.inline(left.text))
        choices = add(row, "render_choice")
        for right in sorted(answer.rights, key=lambda right: right.right_id):
            label = add(choices, "response_label", "", {"ident": rights[right.right_id]})
            _material(label, canvas_rules.menu_text(right), "text/plain")
        variables = add(add(processing, "respcondition"), "conditionvar")
        add(variables, "varequal", rights[left.right_id], {"respident": name})
        _earn(variables, "Add", share)
    return {}


WRITERS: Mapping[type, Callable[[Any, Any, Any, Texts], dict[str, str]]] = {
    Choice: _choice,
    Matching: _matching,
    Numeric: _numeric,
    Short: _short,
}
