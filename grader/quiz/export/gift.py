r"""Writes a quiz as GIFT: to be read by people, and by LMSs that know nothing better.

Moodle XML carries more and is safer. GIFT knows no points, no order of options and no images, and
where a character is not escaped it imports something else without a word: `\neq` becomes a line
break, a `{` of a formula ends the question, `=` in an option makes another right one.
"""

import re

from grader.quiz.export.carry import (
    convert,
    decimal,
    hold_choice,
    hold_full_share,
    hold_texts,
    hold_typed,
)
from grader.quiz.export.moodle import (
    category,
    id_number,
    option_percents,
    percent,
    question_name,
    right_text,
)
from grader.quiz.export.moodle_xml import escape_wildcard
from grader.quiz.export.target import Wish, refuse
from grader.quiz.export.xml import legal
from grader.quiz.markup import images_in, to_html, to_inline_html
from grader.quiz.model import Choice, Matching, Numeric, Ordering, Question, Quiz, Short

TARGET = "GIFT"
SPECIAL = re.compile(r"[\\~=#{}:]")
FORMATS = ("[html]", "[moodle]", "[plain]", "[markdown]")  # at the beginning of a text
PLACEHOLDER = re.compile(r"&&\d{3}")  # what importers put for an escaped character meanwhile


def write(quiz: Quiz, wish: Wish) -> bytes:
    """Return the quiz as a file; each question is one line below its comment.

    Raises:
        ContentError: What GIFT cannot carry, a line for each question.
    """
    made = convert(quiz, lambda question: _question(quiz, question))
    place = category(quiz, "\n".join(text for group in made for text in group).encode())
    blocks = [f"$CATEGORY: {place}", *(group[0] for group in made if len(group) == 1)]
    for entry, group in zip(quiz.entries, made, strict=True):
        if len(group) > 1:
            blocks += [f"$CATEGORY: {place}/{entry.question_id}", *group]
    return ("\n\n".join(blocks) + "\n").encode()


def escape(text: str) -> str:
    r"""Return a text as GIFT reads it: special characters behind `\`, a line break as `\n`."""
    escaped = SPECIAL.sub(r"\\\g<0>", legal(text))
    return escaped.replace("\n", r"\n")


def escape_html(markup: str) -> str:
    """Return HTML as GIFT reads it; what would be a weight or a format at its beginning is text."""
    stripped = markup.strip()
    if stripped[:1] in ("%", "["):  # `%50%`, `[html]`: GIFT has no escape for them
        stripped = f"&#{ord(stripped[0])};{stripped[1:]}"
    return escape(stripped)


def _question(quiz: Quiz, question: Question) -> str:
    _hold(quiz, question)
    answers = _answers(question)
    general = _said("####", question.explanation)
    name = escape(question_name(quiz, question))
    stem = escape_html(to_html(question.stem))
    about = f"// [id:{id_number(quiz, question, TARGET)}]"
    tags = "".join(f" [tag:{_tag(tag)}]" for tag in question.tags)
    return f"{about}{tags}\n::{name}::[html]{stem}{{{answers}{general}}}"


def _tag(tag: str) -> str:
    """Return a tag for a comment, where brackets end it."""
    return " ".join(legal(tag).replace("[", "(").replace("]", ")").split())


def _hold(quiz: Quiz, question: Question) -> None:
    """Refuse what GIFT has no words for."""
    if question.points != quiz.entries[0].first.points:
        raise refuse(
            question,
            TARGET,
            "knows no points, and this question has others than the first; export moodle-xml",
        )
    if any(images_in(text) for text in _texts(question)):
        raise refuse(question, TARGET, "carries no images; export moodle-xml")


def _texts(question: Question) -> list[str]:
    answer = question.answer
    texts = [question.stem, question.explanation]
    if isinstance(answer, Choice):
        texts += [text for option in answer.options for text in (option.text, option.feedback)]
    elif isinstance(answer, Matching):
        texts += [left.text for left in answer.lefts]
    elif isinstance(answer, Numeric | Short):
        texts += [accepted.feedback for accepted in answer.accepted]
    return texts


def _answers(question: Question) -> str:
    answer = question.answer
    if isinstance(answer, Choice):
        return _choice(question, answer)
    if isinstance(answer, Numeric):
        return _numbers(question, answer)
    if isinstance(answer, Short):
        return _short(question, answer)
    if isinstance(answer, Matching):
        return _pairs(question, answer)
    return _steps(question, answer)


def _choice(question: Question, answer: Choice) -> str:
    hold_choice(question, answer, TARGET)
    hold_texts(question, [to_html(o.text) for o in answer.options], TARGET, "option")
    if any(option.is_fixed for option in answer.options):
        raise refuse(question, TARGET, "cannot keep an option at its place; take {fixed} off")
    right, wrong = "=", "~"
    if answer.is_multiple:
        right, wrong = (f"~%{text}%" for text in option_percents(question, answer, TARGET))
    return " ".join(
        f"{right if option.is_right else wrong}{escape_html(to_inline_html(option.text))}"
        f"{_said('#', option.feedback)}"
        for option in answer.options
    )


def _said(mark: str, text: str) -> str:
    """Return a feedback behind its mark; of nothing that shows not even the mark is left."""
    said = escape_html(to_html(text))
    return f"{mark}{said}" if said else ""


def _weight(question: Question, share: float) -> str:
    return f"%{percent(question, share, TARGET)}%"


def _numbers(question: Question, answer: Numeric) -> str:
    hold_full_share(question, answer.accepted, TARGET)
    lines = [
        f"={_weight(question, number.share)}{decimal(question, number.value, TARGET)}"
        f":{decimal(question, number.tolerance, TARGET)}{_said('#', number.feedback)}"
        for number in answer.accepted
    ]
    return "#" + " ".join(lines)


def _short(question: Question, answer: Short) -> str:
    hold_typed(question, answer, TARGET)
    for accepted in answer.accepted:
        if "->" in accepted.text or accepted.text.startswith(FORMATS):
            raise refuse(
                question,
                TARGET,
                f"reads '{accepted.text}' as something else than a text; export moodle-xml",
            )
        if PLACEHOLDER.search(accepted.text):
            raise refuse(question, TARGET, f"garbles '{accepted.text}'; export moodle-xml")
    # the weight is always there: a text that begins with a percent sign is not taken for one
    return " ".join(
        f"={_weight(question, accepted.share)}{escape(escape_wildcard(accepted.text))}"
        f"{_said('#', accepted.feedback)}"
        for accepted in answer.accepted
    )


def _pairs(question: Question, answer: Matching) -> str:
    lefts = [to_html(left.text) for left in answer.lefts]
    hold_texts(question, lefts, TARGET, "left side")
    rights = {right.right_id: right_text(question, right, TARGET) for right in answer.rights}
    hold_texts(question, list(rights.values()), TARGET, "right side")
    pairs = [
        f"={escape_html(to_inline_html(left.text))} -> {escape(rights[left.right_id])}"
        for left in answer.lefts
    ]
    used = {left.right_id for left in answer.lefts}
    spare = [f"= -> {escape(text)}" for right_id, text in rights.items() if right_id not in used]
    return " ".join(pairs + spare)


def _steps(question: Question, answer: Ordering) -> str:
    raise refuse(
        question,
        TARGET,
        f"knows no ordering (of {len(answer.steps)} steps); export moodle-xml for Moodle 4.4 or "
        "later, or ask for the order as a matching",
    )
