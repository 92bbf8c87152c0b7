"""What makes a question or a quiz unsound: each rule is a function with a name.

Sources of the rules of writing: Haladyna, Downing and Rodriguez (2002); Rodriguez (2005).
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from pathlib import Path

from grader.errors import ContentError
from grader.quiz.markup import embedded, formulas_in, images_in, to_inline_html, to_text
from grader.quiz.mathml import to_mathml
from grader.quiz.model import (
    AcceptedNumber,
    Choice,
    Matching,
    Numeric,
    Ordering,
    Question,
    Quiz,
    Short,
)
from grader.quiz.scoring import multiple_fraction, normalise_text, read_number

Found = Iterator[tuple[str, bool]]  # message, whether it is an error
ERROR, WARNING = True, False

LAZY = 0.5  # a lazy response that earns more than this makes a question pointless
MOST_LONGEST = 0.5  # share of questions whose right option may be the longest
MOST_SAME_PLACE = 0.75
FEW = 4  # below so many questions a share says nothing
SECONDS = {"single": 60, "multiple": 75, "short": 45, "numeric": 90, "matching": 75, "ordering": 60}
WORDS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6}
DECIMALS = re.compile(
    r"(?:\b(?:to|with|at least)\s+|\()(\w+)\s+(?:decimals?|decimal places?)\b", re.IGNORECASE
)
CODE = re.compile(r"(`+).*?\1|\\\$", re.DOTALL)
OF_THE_ABOVE = re.compile(r"\b(all|none|both|neither) of (the above|these|them)\b", re.IGNORECASE)
NEGATIVE = re.compile(r"\bNOT\b|\*\*(not|except)\*\*")
MOODLE_CUTS = 10  # characters that Moodle's report keeps of a step


# Rules on one question, with its numbers put in


def equal_options(question: Question) -> Found:
    """Two options that are the same text, or the same number."""
    texts = _texts(question)
    for one, other in combinations(texts, 2):
        if _plain(one) == _plain(other):
            yield f"two options are the same: '{_plain(one)}'", ERROR
        elif (number := _number(one)) is not None and number == _number(other):
            yield f"two options are the same number: '{_plain(one)}', '{_plain(other)}'", ERROR


def _texts(question: Question) -> list[str]:
    answer = question.answer
    if isinstance(answer, Choice):
        return [option.text for option in answer.options]
    if isinstance(answer, Ordering):
        return [step.text for step in answer.steps]
    return [right.text for right in answer.rights] if isinstance(answer, Matching) else []


def _plain(text: str) -> str:
    return normalise_text(to_text(text))


def _number(text: str) -> float | None:
    return read_number(to_text(text).strip(" `$"))


def equal_lefts(question: Question) -> Found:
    """Two rows of a matching with the same left side."""
    if isinstance(question.answer, Matching):
        counts = Counter(_plain(left.text) for left in question.answer.lefts)
        for text, count in counts.items():
            if count > 1:
                yield f"the left side '{text}' is there {count} times", ERROR


def key_in_text(question: Question) -> Found:
    """The stem gives the answer away."""
    answer, stem = question.answer, to_text(question.stem)
    if isinstance(answer, Short):
        for accepted in answer.accepted:
            pattern = rf"(?<!\w){re.escape(accepted.text)}(?!\w)"
            if accepted.share == 1 and re.search(pattern, stem, re.IGNORECASE):
                yield f"the stem contains the answer '{accepted.text}'", WARNING
    if isinstance(answer, Numeric):
        key = answer.accepted[0].value
        shown = {read_number(text) for text in re.findall(r"[\d.,]*\d", stem)}
        if abs(key) > 10 and key in shown:
            yield f"the stem contains the key {key:g}", WARNING


def lazy_score(question: Question) -> Found:
    """Ticking nothing, or everything, earns much."""
    answer = question.answer
    if not isinstance(answer, Choice) or not answer.is_multiple:
        return
    right, wrong = len(answer.right), len(answer.wrong)
    blank = multiple_fraction(answer.rule, right, wrong, 0, 0)
    everything = multiple_fraction(answer.rule, right, wrong, right, wrong)
    for name, share in (("a blank", blank), ("ticking everything", everything)):
        if share > LAZY:
            yield f"{name} earns {share:.0%} of the points under '{answer.rule.value}'", WARNING


def tight_tolerance(question: Question) -> Found:
    """A correctly rounded response would be wrong."""
    if not isinstance(question.answer, Numeric):
        return
    asked = DECIMALS.search(question.stem)
    for accepted in question.answer.accepted:
        if asked and (digits := _count(asked[1])) is not None:
            yield from _too_tight(accepted, digits)
        elif accepted.tolerance < 1e-9 * abs(accepted.value) and accepted.value % 1:
            yield f"{accepted.value:g} is no whole number and has no tolerance: '= x ± y'", ERROR


def _count(word: str) -> int | None:
    return int(word) if word.isdecimal() else WORDS.get(word.lower())


def _too_tight(accepted: AcceptedNumber, digits: int) -> Found:
    error = abs(round(accepted.value, digits) - accepted.value)
    if error > accepted.tolerance * (1 + 1e-9):
        rounded = f"rounded to {digits} decimals {accepted.value:.9g} is off by {error:.2g}"
        yield f"{rounded}, the tolerance is {accepted.tolerance:g}", ERROR


def overlapping_numbers(question: Question) -> Found:
    """A known wrong number is accepted as right, or the other way round."""
    if isinstance(question.answer, Numeric):
        for one, other in combinations(question.answer.accepted, 2):
            if abs(one.value - other.value) <= one.tolerance + other.tolerance:
                both = f"{one.value:g} and {other.value:g}"
                yield f"{both} cannot be told apart within their tolerances", ERROR


def of_the_above(question: Question) -> Found:
    """An option that speaks of the others breaks when options are shuffled."""
    for text in _texts(question):
        if OF_THE_ABOVE.search(text):
            yield f"'{text}' depends on the order of the options", ERROR


def separators(question: Question) -> Found:
    """Moodle joins what was ticked by '; ' in its report."""
    answer = question.answer
    if (isinstance(answer, Choice) and answer.is_multiple) or isinstance(answer, Matching):
        for text in _texts(question):
            if "; " in to_text(text):
                yield f"'{_plain(text)}' contains '; ', which separates answers in Moodle", ERROR


def cut_steps(question: Question) -> Found:
    """Moodle's report cuts steps, so that responses could not be read back."""
    if isinstance(question.answer, Ordering):
        kept = Counter(_as_in_moodle(step.text) for step in question.answer.steps)
        for text, count in kept.items():
            if count > 1:
                yield f"{count} steps begin with '{text}', where Moodle's report cuts them", WARNING


def _as_in_moodle(text: str) -> str:
    """Return what is left of a step: formulas are written out, and three dots end it."""
    return re.sub(r"<[^>]+>", "", to_inline_html(text))[: MOODLE_CUTS - 3]


def missing_words(question: Question) -> Found:
    """Nobody learns from a question without an explanation, or a distractor without feedback."""
    if not question.stem:
        yield "the question has no text above its answers", ERROR
    if not question.explanation:
        yield "there is no explanation: '> ...' after the answers", WARNING
    if isinstance(question.answer, Choice):
        silent = sum(not option.feedback for option in question.answer.wrong)
        if silent:
            yield f"{silent} wrong options have no feedback", WARNING


def negative_stem(question: Question) -> Found:
    """Asking for what is not so measures reading."""
    if NEGATIVE.search(question.stem):
        yield "the stem asks for what is not so; turn it round", WARNING


def true_or_false(question: Question) -> Found:
    """Guessing earns half."""
    if isinstance(question.answer, Choice) and len(question.answer.options) == 2:
        yield "with two options guessing earns half; find a third misconception", WARNING


def broken_markup(question: Question, folder: Path) -> Found:
    """A formula that cannot be drawn, or an image that is not there or has no words."""
    yield from broken_texts(_all_texts(question), folder)


def broken_texts(texts: Sequence[str], folder: Path) -> Found:
    """The same of any texts."""
    for text in texts:
        if CODE.sub("", text).count("$") % 2:
            yield f"a '$' is not closed in '{text[:40]}'; write \\$ for the sign itself", WARNING
        for formula in formulas_in(text):
            try:
                to_mathml(formula)
            except ContentError as error:
                yield str(error), ERROR
        for path, words in images_in(text):
            try:
                embedded(folder)(path)
            except ContentError as error:
                yield str(error), ERROR
            if not words.strip():
                yield (
                    f"the image '{path}' has no alternative text: '![what it shows]({path})'",
                    ERROR,
                )


def _all_texts(question: Question) -> list[str]:
    answer = question.answer
    further: list[str] = []
    if isinstance(answer, Choice):
        further = [option.feedback for option in answer.options]
    elif isinstance(answer, Numeric | Short):
        further = [accepted.feedback for accepted in answer.accepted]
    elif isinstance(answer, Matching):
        further = [left.text for left in answer.lefts]
    return [question.stem, question.explanation, *_texts(question), *further]


def unknown_misconception(question: Question, known: Mapping[str, str]) -> Found:
    """A tag that neither a lab's mistake nor the bank's list has."""
    for name in question.misconceptions:
        if name not in known:
            remedy = "add it to misconceptions.toml, or use the name of a lab's mistake"
            yield f"there is no misconception '{name}': {remedy}", ERROR


RULES: tuple[Callable[[Question], Found], ...] = (
    equal_options,
    equal_lefts,
    key_in_text,
    lazy_score,
    tight_tolerance,
    overlapping_numbers,
    of_the_above,
    separators,
    cut_steps,
    missing_words,
    negative_stem,
    true_or_false,
)


# Rules on a whole quiz


def longest_is_right(quiz: Quiz) -> Found:
    """Whoever knows nothing takes the longest option."""
    single = [entry.first.answer for entry in quiz.entries if entry.first.kind == "single"]
    lengths = [
        (len(_plain(option.text)), option.is_right, index)
        for index, answer in enumerate(single)
        if isinstance(answer, Choice)
        for option in answer.options
    ]
    hits = 0
    for index in range(len(single)):
        own = sorted((length, is_right) for length, is_right, of in lengths if of == index)
        hits += own[-1][1] and own[-1][0] > own[-2][0]
    if len(single) >= FEW and hits > MOST_LONGEST * len(single):
        yield f"the right option is the longest in {hits} of {len(single)} questions", WARNING


def same_place(quiz: Quiz) -> Found:
    """The key stands at one place of the file; paper and some LMSs keep that order."""
    places = Counter(
        next(i for i, option in enumerate(entry.first.answer.options) if option.is_right)
        for entry in quiz.entries
        if isinstance(entry.first.answer, Choice) and entry.first.kind == "single"
    )
    total = sum(places.values())
    if total >= FEW and max(places.values()) >= MOST_SAME_PLACE * total:
        place, count = places.most_common(1)[0]
        yield f"the right option is number {place + 1} in {count} of {total} questions", WARNING


def too_long(quiz: Quiz) -> Found:
    """More questions than the time allows."""
    needed = sum(SECONDS[entry.first.kind] for entry in quiz.entries)
    if quiz.minutes and needed > 60 * quiz.minutes:
        yield (
            f"the questions take about {needed / 60:.0f} minutes, {quiz.minutes} are given",
            WARNING,
        )


QUIZ_RULES: tuple[Callable[[Quiz], Found], ...] = (longest_is_right, same_place, too_long)
