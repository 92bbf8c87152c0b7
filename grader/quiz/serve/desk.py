"""The lecturer's page: counts while the test runs; what was learned once it is closed.

The only part of the server that has the keys. Before the test is closed it shows none of them.
"""

import asyncio
import contextlib
import csv
import hmac
import io
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from grader.quiz.attempt import Attempt, MarkedAttempt, mark_attempt
from grader.quiz.model import (
    Answer,
    Choice,
    Matching,
    Numeric,
    Ordering,
    Question,
    Quiz,
    Short,
)
from grader.quiz.serve.exchange import Ask, Reply, go_to, html, plain_json
from grader.quiz.serve.links import code_of, hash_of
from grader.quiz.serve.notices import unknown_link
from grader.quiz.serve.pages import clock
from grader.quiz.serve.room import Room
from grader.quiz.serve.schema import Seat, open_to_read
from grader.quiz.serve.session import Phase, Terms, find_phase
from grader.quiz.serve.store import Store, attempts_of

FEWEST = 5  # of fewer students no statistics are shown
MOST_EXTENSION_MIN = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The lecturer's side of a room.

    Attributes:
        quiz: With the keys.
        token_hash: Of the lecturer's link.
    """

    room: Room
    quiz: Quiz
    token_hash: str


def _let_in(desk: Desk, ask: Ask) -> None:
    if not hmac.compare_digest(hash_of(ask.token), desk.token_hash):
        raise unknown_link()


async def show_desk(desk: Desk, ask: Ask) -> Reply:
    """Show counts, what can be done, and after the end the questions with their explanations."""
    _let_in(desk, ask)
    return await _page(desk, ask)


async def _page(desk: Desk, ask: Ask, *, problem: str = "", done: str = "") -> Reply:
    now = desk.room.now()

    def job(store: Store) -> tuple[dict[str, Any], Terms, tuple[Attempt, ...]]:
        terms = store.terms()
        attempts = attempts_of(store, now) if terms.closed_at else ()
        return _counts(desk, store, now), terms, attempts

    counts, terms, attempts = await desk.room.writer.do(job)
    page = desk.room.pages.render(
        "desk.html",
        token=ask.token,
        counts=counts,
        is_closed=bool(terms.closed_at),
        closed=clock(terms.closed_at) if terms.closed_at else "",
        minutes=f"{terms.limit_s / 60:.4g}" if terms.limit_s else "",
        opens=clock(terms.opens_at) if terms.opens_at else "",
        begin_by=clock(terms.begin_by) if terms.begin_by else "",
        problem=problem or desk.room.writer.problem,
        done=done,
        fewest=FEWEST,
        discussion=discussion(desk, attempts) if terms.closed_at else (),
    )
    return html(page, 400 if problem else 200)


async def show_counts(desk: Desk, ask: Ask) -> Reply:
    """Tell the script the counts."""
    _let_in(desk, ask)
    now = desk.room.now()
    counts = await desk.room.writer.do(lambda store: _counts(desk, store, now))
    return plain_json(counts | {"problem": desk.room.writer.problem})


def _counts(desk: Desk, store: Store, now: float) -> dict[str, Any]:
    seats, terms, answered = store.seats(), store.terms(), store.answered()
    phases = Counter(find_phase(terms, seat.sitting, now) for seat in seats)
    return {
        "students": len(seats),
        "opened": sum(bool(seat.opened_at) for seat in seats),
        "started": sum(bool(seat.sitting.started_at) for seat in seats),
        "running": phases[Phase.RUNNING],
        "submitted": phases[Phase.SUBMITTED],
        "out_of_time": phases[Phase.OVER],
        "closed": sum(
            bool(seat.sitting.started_at) and find_phase(terms, seat.sitting, now) is Phase.CLOSED
            for seat in seats
        ),
        "extra_time": sum(
            seat.sitting.accommodation > 1 and find_phase(terms, seat.sitting, now) is Phase.RUNNING
            for seat in seats
        ),
        "answered": [
            {"question": entry.question_id, "count": answered.get(entry.question_id, 0)}
            for entry in desk.quiz.entries
        ],
    }


# What the lecturer does


async def act(desk: Desk, ask: Ask) -> Reply:
    """Close, reopen or extend the test, or let a student in with another browser."""
    _let_in(desk, ask)
    actions = {"close": _close, "reopen": _reopen, "extend": _extend, "reset": _reset}
    action = actions.get(ask.value("do"))
    if action is None:
        return await _page(desk, ask, problem="This button is not known; reload the page.")
    problem = await action(desk, ask)
    return await _page(desk, ask, problem=problem) if problem else go_to(f"/l/{ask.token}")


async def _close(desk: Desk, ask: Ask) -> str:
    if ask.value("sure") != "yes":
        return "Tick the box beside the button: closing ends the test for everybody."
    now = desk.room.now()

    def job(store: Store) -> None:
        if not store.terms().closed_at:
            store.put_terms(replace(store.terms(), closed_at=now))
            store.note("closed", now)

    await desk.room.writer.do(job)
    return ""


async def _reopen(desk: Desk, _: Ask) -> str:
    now = desk.room.now()

    def job(store: Store) -> None:
        store.put_terms(replace(store.terms(), closed_at=0.0))
        store.note("reopened", now)

    await desk.room.writer.do(job)
    return ""


async def _extend(desk: Desk, ask: Ask) -> str:
    text, now = ask.value("minutes").strip(), desk.room.now()
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:6]) <= MOST_EXTENSION_MIN:
        return f"Give whole minutes from 1 to {MOST_EXTENSION_MIN}."

    def job(store: Store) -> str:
        terms = store.terms()
        if not terms.limit_s:
            return "This test has no time limit; there is nothing to extend."
        store.put_terms(replace(terms, limit_s=terms.limit_s + 60 * int(text)))
        store.note("extended", now, detail=f"{int(text)} min")
        return ""

    return await desk.room.writer.do(job)


async def _reset(desk: Desk, ask: Ask) -> str:
    code, now = "".join(ask.value("code").split()).upper(), desk.room.now()

    def job(store: Store) -> list[Seat]:
        found = [seat for seat in store.seats() if code_of(seat.token_hash) == code]
        for seat in found[:1]:
            store.bind(seat.pseudonym, "")
            store.note("browser reset", now, seat.pseudonym)
        return found

    found = await desk.room.writer.do(job)
    if not found:
        return "No link has this code. The student's page shows it: eight letters and digits."
    desk.room.let_in(found[0], "")
    return ""


# What comes out


async def send_scores(desk: Desk, ask: Ask) -> Reply:
    """Send points by pseudonym, as CSV: nothing in it was typed by a student."""
    _let_in(desk, ask)
    now = desk.room.now()
    attempts = await desk.room.writer.do(lambda store: attempts_of(store, now))
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    ids = [entry.question_id for entry in desk.quiz.entries]
    head = ["student", "points", "max_points", "started_at", "submitted_at", "late_s"]
    writer.writerow([*head, "accommodation", *ids])
    for attempt in attempts:
        marked = mark_attempt(desk.quiz, attempt)
        times = [attempt.started_at, attempt.submitted_at, f"{attempt.late_s:g}"]
        points = ["" if entry.mark.is_blank else f"{entry.points:.6g}" for entry in marked.marked]
        row = [attempt.student, f"{marked.points:.6g}", desk.quiz.points, *times]
        writer.writerow([*row, f"{attempt.accommodation:g}", *points])
    name = f"{desk.quiz.quiz_id}-scores.csv"
    return Reply(
        body=buffer.getvalue().encode(), media_type="text/csv; charset=utf-8", file_name=name
    )


async def send_state(desk: Desk, ask: Ask, copy: Path) -> Reply:
    """Send a copy of the state, for `dlab quiz import`.

    Args:
        desk: The lecturer's side.
        ask: The request.
        copy: The state file; it is read beside the writer.
    """
    _let_in(desk, ask)
    content = await asyncio.to_thread(_copied, copy)
    name = f"{desk.quiz.quiz_id}.sqlite"
    return Reply(body=content, media_type="application/vnd.sqlite3", file_name=name)


def _copied(path: Path) -> bytes:
    with tempfile.TemporaryDirectory() as folder, contextlib.closing(open_to_read(path)) as db:
        target = Path(folder) / "copy.sqlite"
        Store(db).save_to(target)
        return target.read_bytes()


def discussion(desk: Desk, attempts: Sequence[Attempt]) -> list[dict[str, Any]]:
    """Return each question with its explanation and, of enough students, how it went."""
    marked = [mark_attempt(desk.quiz, attempt) for attempt in attempts]
    return [
        _discussed(desk, place, entry.first, marked)
        for place, entry in enumerate(desk.quiz.entries)
    ]


def _discussed(
    desk: Desk, place: int, question: Question, marked: Sequence[MarkedAttempt]
) -> dict[str, Any]:
    enough = len(marked) >= FEWEST
    entries = [one.marked[place] for one in marked] if enough else []
    share = sum(entry.mark.fraction for entry in entries) / len(entries) if entries else 0.0
    chosen = Counter(
        option_id
        for entry in entries
        if isinstance(entry.response.value, tuple)
        for option_id in entry.response.value
    )
    return {
        "question": question,
        "stem": desk.room.pages.html(question.stem),
        "explanation": desk.room.pages.html(question.explanation),
        "facility": f"{100 * share:.0f}" if enough else "",
        "blank": sum(entry.mark.is_blank for entry in entries),
        "count": len(entries),
        "options": _options(desk, question, chosen),
        "key": [desk.room.pages.html(text) for text in _key(question.answer)],
    }


def _key(answer: Answer) -> list[str]:
    """Return what is right, where no option says it."""
    if isinstance(answer, Numeric):
        return [f"{entry.value:.10g}" for entry in answer.accepted if entry.share == 1]
    if isinstance(answer, Short):
        return [f"`{entry.text}`" for entry in answer.accepted if entry.share == 1]
    if isinstance(answer, Matching):
        texts = {right.right_id: right.text for right in answer.rights}
        return [f"{left.text} \u2192 {texts[left.right_id]}" for left in answer.lefts]
    if isinstance(answer, Ordering):
        return [f"{place}\\. {step.text}" for place, step in enumerate(answer.steps, 1)]
    return []


def _options(desk: Desk, question: Question, chosen: Mapping[str, int]) -> list[dict[str, Any]]:
    if not isinstance(question.answer, Choice) or question.variant:
        return []  # options of variants differ
    return [
        {
            "text": desk.room.pages.html(option.text),
            "is_right": option.is_right,
            "count": chosen.get(option.option_id, 0),
        }
        for option in question.answer.options
    ]
