"""Sentences about numbers, the same on the terminal and on the page."""

from collections.abc import Iterator
from math import isnan

from grader.quiz.analysis.compare import Comparison
from grader.quiz.analysis.gain import Gain
from grader.quiz.analysis.items import ENOUGH, FEWEST, Interval
from grader.quiz.analysis.misconceptions import CodeLink
from grader.quiz.analysis.report import GOAL, Level, QuizReport
from grader.quiz.markup import to_text
from grader.text import count_of

EBEL = ((0.4, "very good"), (0.3, "good"), (0.2, "fair"), (0.0, "weak"))
USABLE, SHORT_TEST = 0.7, 0.4
LONGEST = 60


def percent(share: float) -> str:
    """Return a share as text, `62 %`; a dash if it is unknown."""
    return "-" if isnan(share) else f"{100 * share:.0f} %"


def points_of_100(number: float) -> str:
    """Return a number that is a percentage already."""
    return percent(number / 100)


def signed(number: float) -> str:
    """Return a correlation or a gain with its sign; a dash if it is undefined."""
    return "-" if isnan(number) else f"{number:+.2f}".replace("-", "\u2212")


def plain(number: float) -> str:
    """Return a number with two decimals; a dash if it is undefined."""
    return "-" if isnan(number) else f"{number:.2f}".replace("-", "\u2212")


def between(interval: Interval) -> str:
    """Return an interval as text, `0.25 to 0.55`; empty if there is none."""
    return f"{plain(interval.low)} to {plain(interval.high)}" if interval.is_known else ""


def words(markdown: str) -> str:
    """Return Markdown as a line of plain text, cut where it is long."""
    text = " ".join(to_text(markdown).split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 3].rstrip()}..."


def ebel(r: float) -> str:
    """Return Ebel's word for a discrimination."""
    if isnan(r):
        return "undefined"
    return next((word for least, word in EBEL if r >= least), "check key")


def facts(found: QuizReport) -> Iterator[str]:
    """Yield what the numbers are about: how many, how well, what is not counted."""
    size = f"{count_of(found.count, 'student')}, {count_of(len(found.quiz.entries), 'question')}"
    if found.level is Level.NOTHING:
        yield f"{size}: nothing is shown below {FEWEST} students, for it would be about persons."
    else:
        score = f"mean {points_of_100(found.mean)}, standard deviation {points_of_100(found.sd)}"
        yield f"{size}, {count_of(found.quiz.points, 'point')}; {score}."
    yield from _caveats(found)


def _caveats(found: QuizReport) -> Iterator[str]:
    table = found.table
    if table.late:
        mean = f", mean {percent(table.late_mean)}" if table.late >= FEWEST else ""
        counted = "counted here" if table.has_late else "not counted here"
        yield f"{count_of(table.late, 'attempt')} ended after the deadline ({counted}{mean})."
    if table.other_version:
        yield (
            f"{count_of(table.other_version, 'attempt')} came from another version of the file; "
            "scored with the keys of this one."
        )
    if table.strangers:
        yield f"{count_of(table.strangers, 'answer')} to questions that are gone: left out."


def reliability(found: QuizReport) -> Iterator[str]:
    """Yield what may be concluded from a score of this quiz."""
    if found.level is Level.NOTHING:
        return
    if found.level is Level.FACILITY:
        yield (
            f"Below {ENOUGH} students only shares are shown: correlations would be noise "
            f"(n = {found.count})."
        )
        return
    if isnan(found.alpha):
        yield "Cronbach's alpha is undefined: all have the same score, or there is one question."
        return
    name = "Cronbach's alpha (= KR-20)" if found.is_kr20 else "Cronbach's alpha"
    yield (
        f"{name} {plain(found.alpha)} (95 % {between(found.alpha_interval)}, n = {found.count}): "
        f"{_alpha_word(found.alpha)}."
    )
    longer = ""
    if not isnan(found.length) and found.length > 1:
        longer = f" A test {found.length:.1f} times as long would reach {GOAL}."
    yield f"One student's score has a standard error of {found.error:.0f} of 100 points.{longer}"


def _alpha_word(alpha: float) -> str:
    if alpha >= GOAL:
        return "good enough to decide about one student"
    if alpha >= USABLE:
        return "usable"
    if alpha >= SHORT_TEST:
        return "normal for a short test; it describes the class, not one student"
    return "low, the questions hardly hang together; look at the questions below"


def comparison_facts(found: Comparison) -> Iterator[str]:
    """Yield who and what is compared."""
    if found.why_not:
        yield f"No gain is shown: {found.why_not}."
        return
    dropped = f", {found.dropped} took only one and are left out" if found.dropped else ""
    gone = count_of(found.left_out, "question")
    without = f", {gone} without a twin left out" if found.left_out else ""
    yield (
        f"{count_of(found.count, 'student')} took both tests{dropped}; "
        f"{count_of(len(found.pairs), 'pair')} of questions{without}."
    )


def gain_facts(gain: Gain, seed: int) -> Iterator[str]:
    """Yield what was gained in all."""
    score = f"Mean {points_of_100(gain.pre)} before, {points_of_100(gain.post)} after"
    if isnan(gain.hake):
        yield f"{score}: the gain is undefined, for all had all points before."
    else:
        about = between(gain.interval) or "unknown"
        yield (
            f"{score}: gain g = {plain(gain.hake)} (95 % {about}, n = {gain.count}), {gain.word}."
        )
    if gain.changed:
        yield (
            f"Normalised change {signed(gain.change)} (mean of {gain.changed}); effect size d_z = "
            f"{plain(gain.effect)}; {gain.rose} rose, {gain.fell} fell."
        )
    yield (
        "g is the share of the missing points that was gained, of class means (Hake); its interval "
        f"is from 10,000 resampled classes, seed {seed}."
    )


def link_fact(link: CodeLink) -> str:
    """Say how often the same students make a mistake in their code."""
    against = ""
    if link.others >= FEWEST:
        against = f"; of the {link.others} who did not, {link.others_both}"
    return (
        f"of the {link.chosen} who show it here and handed in {link.lab_id}, {link.both} "
        f"have the same mistake in their code{against}."
    )
