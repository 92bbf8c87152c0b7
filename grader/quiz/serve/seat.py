"""What a student can do: open the link, begin, save, submit. Knows no key.

Each rule is decided inside one job of the writer, so two requests at once cannot both win. Who
cannot go on is told why by a RefusedError.
"""

from dataclasses import dataclass

from grader.quiz.paper import PaperQuestion
from grader.quiz.scoring import is_blank
from grader.quiz.serve import notices
from grader.quiz.serve.answers import ForgedError, Form, blank_of, canonical, changes, read_as
from grader.quiz.serve.exchange import Ask, Reply, go_to, html, plain_json
from grader.quiz.serve.links import hash_of, is_token, new_browser
from grader.quiz.serve.pages import clock, minutes, whole
from grader.quiz.serve.room import Room
from grader.quiz.serve.schema import Saved, Seat
from grader.quiz.serve.session import (
    Phase,
    Sitting,
    Terms,
    deadline,
    find_phase,
    late_s,
    seconds_left,
)
from grader.quiz.serve.store import Store

MAY_BEGIN = (Phase.READY, Phase.RUNNING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is known of a student at the moment of a request."""

    seat: Seat
    terms: Terms
    phase: Phase
    answers: tuple[Saved, ...]

    def is_other(self, browser: str) -> bool:
        """Whether the test is bound to another browser than this one."""
        return bool(self.seat.browser_hash) and self.seat.browser_hash != hash_of(browser)

    def left_s(self, now: float) -> float:
        """Return the seconds left, as the student is told."""
        return seconds_left(self.terms, self.seat.sitting, now)

    def ended(self, *, is_answer: bool) -> notices.RefusedError:
        """Return what is said when the test is over."""
        answered = sum(not is_blank(saved.value) for saved in self.answers)
        counts = (answered, len(self.answers))
        return notices.ended(self.phase, self.terms, self.seat.sitting, counts, is_answer=is_answer)


def _look(store: Store, pseudonym: str, now: float) -> Look:
    seat, terms = store.seat(pseudonym), store.terms()
    phase = find_phase(terms, seat.sitting, now)
    return Look(seat=seat, terms=terms, phase=phase, answers=store.answers(pseudonym))


async def _look_now(room: Room, pseudonym: str) -> Look:
    now = room.now()
    return await room.writer.do(lambda store: _look(store, pseudonym, now))


def _holder(room: Room, ask: Ask) -> str:
    """Return whose link was opened."""
    pseudonym = room.of_link(ask.token)
    if not pseudonym:
        raise notices.unknown_link()
    if not room.may_ask(f"link of {pseudonym}"):  # not of whoever sits already
        raise notices.too_many()
    return pseudonym


def _sitter(room: Room, ask: Ask) -> str:
    """Return whose test the browser takes."""
    pseudonym = room.of_browser(ask.browser)
    if not pseudonym:
        raise notices.no_seat()
    if not room.may_ask(pseudonym):
        raise notices.too_many()
    return pseudonym


# The link


async def show_link(room: Room, ask: Ask) -> Reply:
    """Show what awaits the student; looking binds nothing: mail programs look at links too."""
    pseudonym = _holder(room, ask)
    now = room.now()

    def job(store: Store) -> Look:
        if ask.method == "GET":
            store.note_opened(pseudonym, now)
        look = _look(store, pseudonym, now)
        if look.is_other(ask.browser):
            store.note_once("second browser", now, pseudonym)
        return look

    look = await room.writer.do(job)
    if look.is_other(ask.browser):
        raise notices.second_browser(look.seat)
    if look.seat.browser_hash:
        return go_to("/test")
    return html(_first_page(room, ask, look), browser=await _fresh(room, ask))


async def _fresh(room: Room, ask: Ask) -> str:
    """Return a name for a browser that needs one, or nothing."""
    taken = room.of_browser(ask.browser)
    if taken and (await _look_now(room, taken)).phase is Phase.RUNNING:
        raise notices.taken_browser()
    return new_browser() if taken or not is_token(ask.browser) else ""


def _first_page(room: Room, ask: Ask, look: Look) -> str:
    limit_s = look.terms.limit_s * look.seat.sitting.accommodation
    return room.pages.render(
        "first.html",
        token=ask.token,
        phase=look.phase.value,
        has_begun=bool(look.seat.sitting.started_at),
        opens=clock(look.terms.opens_at) if look.terms.opens_at else "",
        begin_by=clock(look.terms.begin_by) if look.terms.begin_by else "",
        minutes=f"{limit_s / 60:.4g}" if limit_s else "",
        keep_until=room.keep_until,
        contact=room.contact,
    )


async def begin(room: Room, ask: Ask) -> Reply:
    """Bind the browser to the link and start the clock."""
    pseudonym = _holder(room, ask)
    if not is_token(ask.browser):
        raise notices.no_cookie()
    if room.of_browser(ask.browser) not in ("", pseudonym):
        raise notices.taken_browser()
    now, questions = room.now(), room.paper_of(pseudonym)

    def job(store: Store) -> Look:
        look = _look(store, pseudonym, now)
        if not look.seat.browser_hash and look.phase in MAY_BEGIN:
            _sit_down(store, look, ask.browser, questions, now)
        return look

    look = await room.writer.do(job)  # as it was before
    if look.is_other(ask.browser):
        raise notices.second_browser(look.seat)
    if look.seat.browser_hash:
        return go_to("/test")
    if look.phase not in MAY_BEGIN:
        return html(_first_page(room, ask, look), 403)
    room.let_in(look.seat, hash_of(ask.browser))
    return go_to("/test")


def _sit_down(
    store: Store, look: Look, browser: str, questions: tuple[PaperQuestion, ...], now: float
) -> None:
    pseudonym = look.seat.pseudonym
    store.bind(pseudonym, hash_of(browser))
    store.note("begun", now, pseudonym)
    if look.phase is Phase.READY:  # else the lecturer let another browser in
        sitting = Sitting(accommodation=look.seat.sitting.accommodation, started_at=now)
        dealt = [(q.question_id, q.variant, blank_of(q)) for q in questions]
        store.start(pseudonym, now, dealt, deadline(look.terms, sitting))


# The test


async def show_test(room: Room, ask: Ask) -> Reply:
    """Show the questions with the answers that are saved, or how the test ended."""
    pseudonym = _sitter(room, ask)
    look = await _look_now(room, pseudonym)
    if look.phase is not Phase.RUNNING:
        raise look.ended(is_answer=False)
    values = {saved.question_id: saved.value for saved in look.answers}
    questions = room.paper_of(pseudonym)
    return html(room.pages.test(questions, values, look.left_s(room.now())))


async def show_review(room: Room, ask: Ask) -> Reply:
    """Show what is answered, and ask whether to submit."""
    look = await _look_now(room, _sitter(room, ask))
    if look.phase is not Phase.RUNNING:
        raise look.ended(is_answer=False)
    blanks = [place for place, saved in enumerate(look.answers, 1) if is_blank(saved.value)]
    left_s = look.left_s(room.now())
    page = room.pages.render(
        "review.html",
        blanks=blanks,
        count=len(look.answers),
        left_s=whole(left_s),
        time=minutes(left_s),
    )
    return html(page)


async def take_form(room: Room, ask: Ask) -> Reply:
    """Save what the page's own form says, and submit if it says so."""
    pseudonym, do = _sitter(room, ask), ask.value("do")
    look = await _put(room, pseudonym, ask.form, is_last=do == "submit")
    if look.phase is not Phase.RUNNING:
        raise look.ended(is_answer=True)
    return go_to("/review" if do == "review" else "/test")


async def take_save(room: Room, ask: Ask) -> Reply:
    """Save what the script sends: the fields of some questions."""
    pseudonym = _sitter(room, ask)
    look = await _put(room, pseudonym, ask.form, is_last=False)
    if look.phase is not Phase.RUNNING:
        raise look.ended(is_answer=True)
    values = {saved.question_id: saved.value for saved in look.answers}
    questions = room.paper_of(pseudonym)
    numbered = [(str(place), q, values[q.question_id]) for place, q in enumerate(questions, 1)]
    return plain_json(
        {
            "was": {place: canonical(value) for place, _, value in numbered},
            "read": {place: read_as(q, value) for place, q, value in numbered},
            "left_s": whole(look.left_s(room.now())),
        }
    )


async def _put(room: Room, pseudonym: str, form: Form, *, is_last: bool) -> Look:
    """Write what a form changes if answers are still taken; flag it if not.

    Returns:
        Where the student stood before, with the answers after it.
    """
    now = room.now()
    try:
        changed = changes(room.paper_of(pseudonym), form)
    except ForgedError as error:
        raise notices.forged() from error

    def job(store: Store) -> Look:
        look = _look(store, pseudonym, now)
        if look.phase is not Phase.RUNNING:
            if changed and look.phase is not Phase.SUBMITTED:
                _flag(store, look, now)
            return look
        store.save(pseudonym, changed, now)
        saved = _look(store, pseudonym, now)
        if is_last:
            store.submit(pseudonym, now)
            store.note("submitted", now, pseudonym)
        return saved

    return await room.writer.do(job)


def _flag(store: Store, look: Look, now: float) -> None:
    store.note_late(look.seat.pseudonym, late_s(look.terms, look.seat.sitting, now))
    store.note_once("late", now, look.seat.pseudonym)


async def show_left(room: Room, ask: Ask) -> Reply:
    """Tell the script how much time is left: the lecturer may have extended it."""
    look = await _look_now(room, _sitter(room, ask))
    left_s = whole(look.left_s(room.now()))
    return plain_json({"left_s": left_s, "is_running": look.phase is Phase.RUNNING})
