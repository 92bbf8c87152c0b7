"""Reads what a student typed as the answer to a question, and writes answers as they are typed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from string import ascii_lowercase

from grader.errors import RequestError
from grader.quiz.model import Matching, Numeric, Ordering, Question, Short, Value
from grader.quiz.paper import PaperQuestion
from grader.quiz.scoring import is_blank, readings

LONGEST = 200  # characters
SEPARATORS = re.compile(r"[\s,;.()]+")
PAIR = re.compile(r"[\s,;]*(\d+)[\s.):=>-]*([a-z])(?![a-z])[.)]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """An answer that was understood.

    Attributes:
        echo: How it was understood, for the student to check.
    """

    value: Value
    echo: str


def read_answer(question: PaperQuestion, typed: str, before: Value = "") -> Typed:
    """Read one line as an answer.

    Args:
        question: As it lies before the student: a is its first option.
        typed: What was typed.
        before: The answer so far; single rows of a matching may be changed.

    Raises:
        RequestError: If it is no answer to this question; says what to type.
    """
    typed = typed.strip()
    if len(typed) > LONGEST:
        raise RequestError(f"That is longer than {LONGEST} characters.")
    if question.kind in ("numeric", "short"):
        return _read_number(question, typed) if question.kind == "numeric" else _read_text(typed)
    value: Value
    if question.kind == "matching":
        value = _read_pairs(question, typed.lower(), before)
    elif question.kind == "ordering":
        value = _read_order(question, typed.lower())
    else:
        value = _read_choice(question, typed.lower())
    return Typed(value=value, echo=describe(question, value))


def _read_number(question: PaperQuestion, typed: str) -> Typed:
    shown = shown_number(question, typed)
    if not shown:
        raise RequestError(f"'{typed}' is not a number. Type it as 1792, -0.25 or 1.5e6.")
    return Typed(value=typed, echo=shown)


def shown_number(question: PaperQuestion, typed: str) -> str:
    """Say how a typed number is read: "1792", "2303 or 2.303"; empty if it is none."""
    numbers = readings(typed)
    if question.is_integer and len(numbers) > 1:
        numbers = numbers[:1]
    return " or ".join(f"{number:.12g}" for number in numbers)


def _read_text(typed: str) -> Typed:
    if len(typed) > 1 and typed[0] == typed[-1] and typed[0] in "\"'`":
        typed = typed[1:-1].strip()
    if not typed or not typed.isprintable():
        raise RequestError("Type a word or a few, on one line.")
    return Typed(value=typed, echo=f'"{typed}"')


def _letters(question: PaperQuestion) -> dict[str, str]:
    return {
        letter: option.option_id
        for letter, option in zip(ascii_lowercase, question.options, strict=False)
    }


def _named(question: PaperQuestion, typed: str) -> list[str]:
    """Return the ids of the options that letters name, in their order."""
    ids = _letters(question)
    words = [word for word in SEPARATORS.split(typed) if word]
    letters = [letter for word in words for letter in word]
    unknown = [letter for letter in letters if letter not in ids]
    if unknown or not letters:
        last = ascii_lowercase[len(ids) - 1]
        raise RequestError(f"'{typed}' is no answer here. Type letters from a to {last}.")
    return [ids[letter] for letter in letters]


def _read_choice(question: PaperQuestion, typed: str) -> tuple[str, ...]:
    chosen = set(_named(question, typed))
    if question.kind == "single" and len(chosen) > 1:
        raise RequestError("Only one option can be chosen here: type one letter.")
    return tuple(o.option_id for o in question.options if o.option_id in chosen)


def _read_order(question: PaperQuestion, typed: str) -> tuple[str, ...]:
    order = _named(question, typed)
    if sorted(order) != sorted(option.option_id for option in question.options):
        count = len(question.options)
        raise RequestError(f"Type all {count} letters, each once, in the right order.")
    return tuple(order)


def _read_pairs(question: PaperQuestion, typed: str, before: Value) -> Mapping[str, str]:
    letters, count = _letters(question), len(question.lefts)
    example = "Pairs such as 1b 2a are read too."
    if typed and not re.search(r"\d", typed):  # letters alone, one for each row
        ids = _named(question, typed)
        if len(ids) != count:
            raise RequestError(f"There are {count} rows: type {count} letters. {example}")
        return {left.left_id: found for left, found in zip(question.lefts, ids, strict=True)}
    pairs, place = {}, 0
    while match := PAIR.match(typed, place):
        pairs[int(match[1]) if len(match[1]) < 4 else 0] = match[2]
        place = match.end()
    if not pairs or typed[place:].strip(" ,;"):
        raise RequestError(f"'{typed}' cannot be read. Type pairs such as 1b 2a.")
    for number, letter in pairs.items():
        if not 1 <= number <= count or letter not in letters:
            last = ascii_lowercase[len(letters) - 1]
            raise RequestError(f"Rows are 1 to {count}, letters a to {last}.")
    new = {question.lefts[n - 1].left_id: letters[letter] for n, letter in pairs.items()}
    return {**before, **new} if isinstance(before, Mapping) else new


def describe(question: PaperQuestion, value: Value) -> str:
    """Return an answer as it is typed; "-" for none."""
    if is_blank(value):
        return "-"
    if isinstance(value, str):
        return value
    letters = {found: letter for letter, found in _letters(question).items()}
    if isinstance(value, Mapping):
        rows = [left.left_id for left in question.lefts]
        given = [(n, letters.get(value.get(row, ""), "")) for n, row in enumerate(rows, 1)]
        return " ".join(f"{n}{letter}" for n, letter in given if letter)
    separator = " " if question.kind == "ordering" else ", "
    return separator.join(letters.get(found, "?") for found in value)


def how_to_answer(question: PaperQuestion) -> str:
    """Return what the prompt asks for, in a few words."""
    last = ascii_lowercase[max(0, len(question.options) - 1)]
    if question.kind == "numeric":
        return "a whole number" if question.is_integer else "a number"
    return {
        "single": f"one letter, a to {last}",
        "multiple": "all that apply, as a,c",
        "short": "a word or a few",
        "matching": f"pairs as 1b 2a; rows 1 to {len(question.lefts)}, letters a to {last}",
        "ordering": "all letters in order, as b a c",
    }[question.kind]


def right_answer(question: PaperQuestion, keyed: Question) -> str:
    """Return the key as it would be typed; of a number the first, with its tolerance.

    Args:
        question: As it lies before the student.
        keyed: The same with its key.
    """
    answer = keyed.answer
    if isinstance(answer, Numeric):
        best = max(answer.accepted, key=lambda accepted: accepted.share)
        slack = f" ± {best.tolerance:.3g}" if best.tolerance else ""
        number = f"{best.value:.12g}" if best.value.is_integer() else f"{best.value:.6g}"
        return number + slack
    if isinstance(answer, Short):
        return max(answer.accepted, key=lambda accepted: accepted.share).text
    value: Value
    if isinstance(answer, Matching):
        value = {left.left_id: left.right_id for left in answer.lefts}
    elif isinstance(answer, Ordering):
        value = tuple(step.step_id for step in answer.steps)
    else:
        right = {option.option_id for option in answer.right}
        value = tuple(o.option_id for o in question.options if o.option_id in right)
    return describe(question, value)
