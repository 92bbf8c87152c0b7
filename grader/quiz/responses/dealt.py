"""Holds answers of `dlab quiz take` to the paper their student had, and to its clock."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from grader.quiz.attempt import Attempt, fingerprint
from grader.quiz.paper import Paper, deal
from grader.quiz.responses.clock import seconds
from grader.quiz.sitting import FACTORS
from grader.text import clean, count_of

GRACE_S = 60.0  # clocks are set, machines are slow
LISTED = 5


def not_dealt(attempt: Attempt, paper: Paper) -> Iterator[str]:
    """Yield a problem if the paper is not the one that this student had, as far as one can tell."""
    if attempt.seed is None or not attempt.bank_sha256:
        yield "it does not say which paper was dealt; ask for the file as `dlab quiz take` wrote it"
    elif attempt.bank_sha256 == paper.sha256:
        dealt = deal(replace(paper, seed=attempt.seed), attempt.student)
        wanted = [(question.question_id, question.variant) for question in dealt]
        if [(given.question_id, given.variant) for given in attempt.responses] != wanted:
            name = clean(attempt.student, 60)
            yield f"these are not the questions that '{name}' was dealt; whose answers are they?"


def copied(attempt: Attempt, first: dict[tuple[str, str], str]) -> Iterator[str]:
    """Yield a problem if somebody else, who began in the same second, gave these answers."""
    mark = (attempt.started_at, fingerprint(attempt))
    owner = first.setdefault(mark, attempt.student)
    if all(mark) and owner != attempt.student:
        yield f"times and answers are those of '{clean(owner, 60)}'"


def notes_of(attempts: Sequence[Attempt], paper: Paper) -> Iterator[str]:
    """Yield what a lecturer may want to look at; nothing of it is certain to be wrong."""
    own = [one for one in attempts if one.source == "dlab"]
    edited = [one for one in attempts if one.bank_sha256 not in ("", paper.sha256)]
    yield from _about(edited, "took another version of the quiz")
    for factor in FACTORS[1:]:
        longer = [one for one in attempts if one.accommodation == factor]
        yield from _about(longer, f"had {factor:g} x the time")
    working = [one for one in attempts if one.source == "dlab-serve" and not one.submitted_at]
    yield from _about(working, "had not submitted; if the test is open, import again later")
    yield from _about([one for one in own if _took_s(one) < 0], "handed in before the beginning")
    limit_s = paper.minutes * 60
    over = [one for one in own if _took_s(one) > limit_s * one.accommodation + GRACE_S]
    if limit_s:
        yield from _about(over, f"took longer than {paper.minutes} minutes and what was granted")
    seeds = {one.seed for one in own}
    if len(seeds) > 1:
        yield f"papers were dealt with {len(seeds)} seeds: the files come from several publications"


def _about(attempts: Sequence[Attempt], what: str) -> Iterator[str]:
    if attempts:
        names = [clean(one.student, 60) for one in attempts]
        more = f" and {len(names) - LISTED} more" if len(names) > LISTED else ""
        yield f"{count_of(len(names), 'student')} {what}: {', '.join(names[:LISTED])}{more}"


def _took_s(attempt: Attempt) -> float:
    if not (attempt.started_at and attempt.submitted_at):
        return 0.0
    return seconds(attempt.submitted_at) - seconds(attempt.started_at)
