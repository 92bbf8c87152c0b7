"""Matches what a source wrote to the bank: which question, and which answer. Never guesses."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from grader.quiz.model import (
    Choice,
    Matching,
    Numeric,
    Ordering,
    Question,
    Quiz,
    Short,
    Value,
)
from grader.quiz.responses.phrase import (
    Phrases,
    Token,
    exact_key,
    loose_key,
    make_phrases,
    segment,
    shapes,
)
from grader.text import clean

MOST_TYPED = 2000  # characters of an answer that are kept
BRACKETED = re.compile(r"\[([a-z0-9-]+(?:/[a-z0-9-]+)?)\]")
AS_TEXT = 2  # of `shapes`: in Unicode
SUMMARY_STARTS = (":", "{")  # Moodle: "stem: option; option", "stem {left; left} -> {right}"
YES = ("true", "wahr", "vrai", "verdadero", "vero", "waar", "verdadeiro", "prawda", "sant", "sann")
NO = ("false", "falsch", "faux", "falso", "onwaar", "fa\u0142sz", "falskt", "falsk", "usann")


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a source writes answers.

    Attributes:
        name: Of the source, in messages.
        separators: What may stand between several answers of one cell.
        is_escaped: Whether the separator and the arrow inside an answer have a backslash.
        has_ids: Whether ids of options were put in place of ticks; nothing but choices has them.
        arrow: Between the left and the right of a matching.
        cut: Steps of an ordering longer than this end in "...", in all as long; 0 for never.
        blank: What stands for no answer, besides nothing.
    """

    name: str
    separators: tuple[str, ...] = (";",)
    is_escaped: bool = False
    has_ids: bool = False
    arrow: str = " -> "
    cut: int = 0
    blank: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fit:
    """What an answer's text means.

    Attributes:
        value: The response; if there is a reason, the text itself, which earns nothing.
        reason: Why it fits no option; empty if it does.
    """

    value: Value
    reason: str = ""


@dataclass(frozen=True)
class Reader:
    """Reads the answers to one question in one source's style."""

    question: Question
    style: Style

    def read(self, text: str) -> Fit:
        """Return what a cell means."""
        plain = text.strip()
        answer = self.question.answer
        if self.style.has_ids and plain and not isinstance(answer, Choice):
            reason = f"{self.style.name} has ticks, and it is no choice; give its points by hand"
            return Fit(value=clean(plain, MOST_TYPED), reason=reason)
        if isinstance(answer, Numeric | Short):
            return Fit(value="" if plain == self.style.blank else clean(plain, MOST_TYPED))
        if plain in ("", self.style.blank):
            return Fit(value={} if isinstance(answer, Matching) else ())
        value = self._value(plain)
        if value is None:
            return Fit(value=clean(plain, MOST_TYPED), reason=self._reason(plain))
        return Fit(value=value)

    @property
    def clash(self) -> tuple[str, ...]:
        """Two options, or steps as the source cuts them, that cannot be told apart."""
        return self._phrases.clash

    def _value(self, text: str) -> Value | None:
        answer = self.question.answer
        is_single = isinstance(answer, Choice) and not answer.is_multiple
        if is_single and not self.style.has_ids:
            return self._phrases.find(text) or None
        ways = {segment(text, separator, self._phrases) for separator in self.style.separators}
        ways.discard(())
        if len(ways) != 1:
            return None
        found = ways.pop()
        if isinstance(answer, Matching):
            return _pairs(found)
        if isinstance(answer, Ordering) and len(found) != len(answer.steps):
            return None
        return tuple(token[0] for token in found)

    def _reason(self, text: str) -> str:
        shown = clean(exact_key(text), 60)
        what = {"matching": "pairs", "ordering": "orders"}.get(self.question.kind, "options")
        if self.clash:
            first, second = (clean(exact_key(entry), 60) for entry in self.clash[:2])
            return f"'{shown}' cannot be read: '{first}' and '{second}' look the same there"
        return f"'{shown}' is none of its {what} (was it edited since?)"

    @cached_property
    def _phrases(self) -> Phrases:
        return make_phrases(self._entries())

    def _entries(self) -> Iterator[tuple[int, str, Token]]:
        answer = self.question.answer
        if isinstance(answer, Choice):
            yield from self._option_entries(answer)
        elif isinstance(answer, Matching):
            yield from self._pair_entries(answer)
        elif isinstance(answer, Ordering):
            for step in answer.steps:
                for level, shape in enumerate(shapes(step.text)):
                    yield level, self._cut(self._escaped(shape)), (step.step_id,)

    def _option_entries(self, answer: Choice) -> Iterator[tuple[int, str, Token]]:
        for option in answer.options:
            token = (option.option_id,)
            if self.style.has_ids:
                yield 0, option.option_id, token
                continue
            for level, shape in enumerate(shapes(option.text)):
                yield level, self._escaped(shape) if answer.is_multiple else shape, token
            yield from ((1, word, token) for word in _truths(answer, option.text))

    def _pair_entries(self, answer: Matching) -> Iterator[tuple[int, str, Token]]:
        rights = [(right.right_id, shapes(right.text)) for right in answer.rights]
        for left in answer.lefts:
            for level, left_shape in enumerate(shapes(left.text)):
                start = self._escaped(left_shape) + self.style.arrow
                yield level, start, (left.left_id, "")  # Canvas writes what was left open
                for right_id, shape, other in (
                    (r, s, n) for r, e in rights for n, s in enumerate(e)
                ):
                    is_export = level == 0 and other in (0, AS_TEXT)  # menus have no markup
                    yield (
                        0 if is_export else 1 + level + other,
                        start + self._escaped(shape),
                        (left.left_id, right_id),
                    )

    def _escaped(self, text: str) -> str:
        if not self.style.is_escaped:
            return text
        for mark in (self.style.arrow, *self.style.separators):
            text = text.replace(mark, f"\\{mark}")
        return text

    def _cut(self, text: str) -> str:
        plain, size = exact_key(text), self.style.cut
        return f"{plain[: size - 3]}..." if size and len(plain) > size else plain


def _pairs(found: Sequence[Token]) -> Value | None:
    """Return a matching; None if one left has two rights."""
    pairs = {token[0]: token[1] for token in found if token[1]}
    return pairs if len({token[0] for token in found}) == len(found) else None


def _truths(answer: Choice, text: str) -> tuple[str, ...]:
    """Return the words for an option of a true-false question in the languages of an LMS."""
    if {loose_key(option.text) for option in answer.options} != {"true", "false"}:
        return ()
    return YES if loose_key(text) == "true" else NO


@dataclass(frozen=True)
class Finder:
    """Finds the question that a text belongs to: by an id in brackets, else by its stem."""

    quiz: Quiz

    def find(self, text: str) -> Question | None:
        """Return the variant; None if none fits, or more than one."""
        found = self.variants(text)
        return found[0] if len(found) == 1 else None

    def variants(self, text: str) -> tuple[Question, ...]:
        """Return the variants of one question that a text may belong to; none if it is unsure."""
        candidates = self._by_id(text)
        if len(candidates) > 1:  # the id of all variants: the stem may tell which
            candidates = self._by_stem(BRACKETED.sub("", text), candidates) or candidates
        found = candidates or self._by_stem(text, self._all)
        return found if len({question.question_id for question in found}) == 1 else ()

    def is_id(self, text: str) -> bool:
        """Return whether a text is the id of a question, or of a variant."""
        name = text.strip().rpartition("/")[2]
        return any(name in (question.variant_id, question.question_id) for question in self._all)

    @cached_property
    def _all(self) -> tuple[Question, ...]:
        return tuple(self.quiz.questions())

    def _by_id(self, text: str) -> tuple[Question, ...]:
        plain = text.strip()
        names = [name.rpartition("/")[2] for name in (*BRACKETED.findall(plain), plain)]
        for name in names:
            found = [q for q in self._all if name in (q.variant_id, q.question_id)]
            exact = [question for question in found if question.variant_id == name]
            if found:
                return tuple(exact or found)
        return ()

    def _by_stem(self, text: str, among: Sequence[Question]) -> tuple[Question, ...]:
        """Return the questions with the longest stem that the text is, or begins with."""
        plain = loose_key(text)
        fits: dict[int, list[Question]] = {}
        for question in among:
            size = max(_fit(plain, key) for key in self._stem_keys[question.variant_id])
            fits.setdefault(size, []).append(question)
        best = max(fits, default=0)
        return _narrowed(fits[best], plain) if best else ()

    @cached_property
    def _stem_keys(self) -> dict[str, tuple[str, ...]]:
        return {
            question.variant_id: tuple({loose_key(shape) for shape in shapes(question.stem)})
            for question in self._all
        }


def _fit(text: str, key: str) -> int:
    """Return how much of a text a stem explains; 0 if it is not that stem."""
    if not key or not text.startswith(key):
        return 0
    rest = text[len(key) :]
    return len(key) if not rest or rest.startswith(SUMMARY_STARTS) else 0


def _narrowed(questions: Sequence[Question], text: str) -> tuple[Question, ...]:
    """Of questions with one stem, keep those all of whose options are in the text, if any are."""
    if len(questions) == 1:
        return tuple(questions)
    found = tuple(question for question in questions if _names_all(question, text))
    return found or tuple(questions)


def _names_all(question: Question, text: str) -> bool:
    answer = question.answer
    if isinstance(answer, Choice):
        texts = [option.text for option in answer.options]
    elif isinstance(answer, Matching):
        texts = [left.text for left in answer.lefts] + [right.text for right in answer.rights]
    else:
        return False
    return all(any(loose_key(shape) in text for shape in shapes(entry)) for entry in texts)
