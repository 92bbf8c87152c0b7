"""What deserves a look, in plain words, with the next step."""

import enum
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan

from grader.quiz.analysis.answers import AnswerRow, Kind, Verdict
from grader.quiz.analysis.compare import Comparison
from grader.quiz.analysis.report import ItemReport, Level, QuizReport
from grader.quiz.analysis.words import percent, signed, words
from grader.quiz.model import Role

EASY, HARD = 0.95, 0.2
KNOWN = 0.8  # facility from which there are few wrong answers to share out
SPREAD = 0.15  # between the easiest and the hardest variant, from which it is unfair
BLANK_ITEM, BLANK_STUDENTS = 0.2, 0.2
LATE_FACTOR = 2.0  # how many times as often the last questions are left blank
PREFERRED = 0.05  # by how much more of the upper group chooses a distractor than the key
NUMBER_OF_LAST = 2  # questions at the end


class Concern(enum.Enum):
    """How much it matters."""

    CHECK = "check"  # something may be wrong: look before marks are given
    NOTE = "note"  # for the next time


class Topic(enum.Enum):
    """What it is about."""

    KEY = "key"
    EASY = "easy"
    HARD = "hard"
    DEAD = "dead-distractor"
    MISLEADING = "misleading-distractor"
    VARIANTS = "unequal-variants"
    BLANKS = "blanks"
    TYPED = "typed"
    LOSS = "loss"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """One of them.

    Attributes:
        question_id: Empty if it is about the whole quiz.
        text: What was seen, in plain text.
        step: What to do.
    """

    quiz_id: str
    question_id: str
    topic: Topic
    concern: Concern
    text: str
    step: str


def quiz_flags(found: QuizReport) -> tuple[Flag, ...]:
    """Return what is to be said about one quiz, what may be wrong first."""
    if found.level is not Level.ALL:
        return ()
    flags = [flag for item in found.items for flag in _item_flags(found, item)]
    return in_order([*flags, *_time_flags(found)])


def in_order(flags: Sequence[Flag]) -> tuple[Flag, ...]:
    """Return flags with those first that may mean a mistake of ours."""
    return tuple(sorted(flags, key=lambda flag: flag.concern is not Concern.CHECK))


def _item_flags(found: QuizReport, item: ItemReport) -> Iterator[Flag]:
    for topic, concern, text, step in (
        *_about_key(item),
        *_about_facility(found, item),
        *_about_distractors(item),
        *_about_variants(item),
        *_about_blanks(item),
        *_about_typed(item),
    ):
        yield Flag(
            quiz_id=found.quiz.quiz_id,
            question_id=item.question.question_id,
            topic=topic,
            concern=concern,
            text=text,
            step=step,
        )


Finding = tuple[Topic, Concern, str, str]


def _about_key(item: ItemReport) -> Iterator[Finding]:
    if isnan(item.rest) or item.rest >= 0:
        return
    rival = _rival(item) or _misleading(item)
    is_sure = item.rest_interval.high < 0 or rival is not None
    text = f"those who are good at the rest get this wrong (r = {signed(item.rest)}"
    text += "" if is_sure else ", which may be chance"
    text += ")"
    if rival:
        text += f"; they choose '{words(rival.label)}' (r = {signed(rival.rest)})"
    step = "Check the key" + (" and that option" if rival else "") + ", then the wording."
    yield Topic.KEY, Concern.CHECK if is_sure else Concern.NOTE, text + ".", step


def _rival(item: ItemReport) -> AnswerRow | None:
    """Return the distractor that the upper group prefers to every key."""
    keys = [row.upper for row in item.answers if row.kind is Kind.KEY]
    others = [row for row in item.answers if row.kind is Kind.DISTRACTOR]
    if not keys or not others:
        return None
    most = max(others, key=lambda row: row.upper)
    return most if most.upper > max(keys) + PREFERRED else None


def _misleading(item: ItemReport) -> AnswerRow | None:
    """Return the distractor that most clearly draws good students."""
    found = [row for row in item.answers if row.verdict is Verdict.MISLEADS]
    return max(found, key=lambda row: row.rest, default=None)


def _about_facility(found: QuizReport, item: ItemReport) -> Iterator[Finding]:
    is_pre = found.quiz.role is Role.PRE
    if item.facility > EASY:
        step = (
            "They know it already: spend the time on something else, or ask for more."
            if is_pre
            else "Good if it is meant as a check; it tells nobody apart."
        )
        yield Topic.EASY, Concern.NOTE, f"{percent(item.facility)} of the points: very easy.", step
    if item.facility < HARD:
        step = (
            "Natural before the session; look at its twin afterwards."
            if is_pre
            else "Check the key and the wording; if both are right, teach it again."
        )
        concern = Concern.NOTE if is_pre else Concern.CHECK
        yield Topic.HARD, concern, f"only {percent(item.facility)} of the points: very hard.", step


def _about_distractors(item: ItemReport) -> Iterator[Finding]:
    misleading, rival = _misleading(item), _rival(item)
    if item.rest < 0:
        pass  # said with the key
    elif misleading:
        text = (
            f"'{words(misleading.label)}' is wrong, and rather the good students choose it "
            f"(r = {signed(misleading.rest)}, {percent(misleading.share)})."
        )
        step = "Is it right under some reading? Say in the stem what is meant."
        yield Topic.MISLEADING, Concern.CHECK, text, step
    elif rival:
        text = (
            f"the best prefer '{words(rival.label)}' ({percent(rival.upper)} of the upper group) "
            "to the key."
        )
        yield Topic.MISLEADING, Concern.CHECK, text, "Check the key, then the wording of both."
    yield from _about_dead(item)


def _about_dead(item: ItemReport) -> Iterator[Finding]:
    dead = [row.label for row in item.answers if row.verdict is Verdict.DEAD]
    if not dead or item.facility > EASY:
        return
    listed = ", ".join(f"'{words(label)}'" for label in dead)
    step = "Replace by a mistake that people make, or remove."
    if item.facility >= KNOWN:
        step = "Few were wrong at all: see what the next class does before you replace it."
    yield Topic.DEAD, Concern.NOTE, f"fewer than 5 % choose {listed}.", step


def _about_variants(item: ItemReport) -> Iterator[Finding]:
    known = [variant for variant in item.variants if not isnan(variant.facility)]
    if not item.are_unequal or len(known) < 2:
        return
    easy = max(known, key=lambda variant: variant.facility)
    hard = min(known, key=lambda variant: variant.facility)
    if easy.facility - hard.facility < SPREAD:
        return
    text = (
        f"its variants differ in difficulty by more than chance: {percent(hard.facility)} of the "
        f"points in variant {hard.question.variant}, {percent(easy.facility)} in variant "
        f"{easy.question.variant}."
    )
    step = f"Compare the numbers of variant {hard.question.variant}; take out its values."
    yield Topic.VARIANTS, Concern.CHECK, text, step


def _about_blanks(item: ItemReport) -> Iterator[Finding]:
    if item.blank >= BLANK_ITEM:
        text = f"{percent(item.blank)} left it blank."
        yield Topic.BLANKS, Concern.NOTE, text, "Is it clear what to type? Does it take too long?"


def _about_typed(item: ItemReport) -> Iterator[Finding]:
    if not item.typed:
        return
    most = item.typed[0]
    of = f"variant {most.question.variant}" if most.question.variant else "this question"
    text = f"{most.count} of {most.seen} who saw {of} answered '{most.text}'; it is not listed."
    step = "Find out how one gets there; list it with a misconception and feedback."
    yield Topic.TYPED, Concern.NOTE, text, step


def _time_flags(found: QuizReport) -> Iterator[Flag]:
    """Say if time ran out: shuffled papers by blanks in all, others by the last questions."""
    blanks = [item.blank for item in found.items]
    text = ""
    if found.many_blank >= BLANK_STUDENTS:
        text = f"{percent(found.many_blank)} of the students left two or more questions blank"
    elif not found.quiz.shuffle_questions and len(blanks) > 2 * NUMBER_OF_LAST:
        first, last = blanks[:-NUMBER_OF_LAST], blanks[-NUMBER_OF_LAST:]
        often = sum(last) / len(last)
        if often >= BLANK_ITEM / 2 and often > LATE_FACTOR * sum(first) / len(first):
            text = f"the last {NUMBER_OF_LAST} questions were left blank by {percent(often)}"
    if text:
        limit = f" of {found.quiz.minutes} minutes" if found.quiz.minutes else ""
        yield Flag(
            quiz_id=found.quiz.quiz_id,
            question_id="",
            topic=Topic.BLANKS,
            concern=Concern.CHECK,
            text=f"{text}: the time{limit} may be too short.",
            step="Allow more time, or ask one question less.",
        )


def gain_flags(found: Comparison) -> tuple[Flag, ...]:
    """Return the pairs of which less is known after the session, by more than chance."""
    return tuple(
        Flag(
            quiz_id=found.post_id,
            question_id=pair.post.question_id,
            topic=Topic.LOSS,
            concern=Concern.CHECK,
            text=(
                f"{pair.gain.pre:.0f} % before the session, {pair.gain.post:.0f} % after it "
                f"(its twin is {pair.pre.question_id})."
            ),
            step="Is this one harder than its twin? If not, ask the class what confused them.",
        )
        for pair in found.pairs
        if pair.gain.interval.high < 0
    )
