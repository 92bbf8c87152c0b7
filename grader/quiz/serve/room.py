"""What all requests share: who sits where, and how much one may ask."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from grader.quiz.paper import PaperQuestion, deal
from grader.quiz.serve.links import hash_of, is_token
from grader.quiz.serve.pages import Pages
from grader.quiz.serve.schema import Seat
from grader.quiz.serve.store import Store
from grader.quiz.serve.writer import Writer

BURST = 60  # requests of one student at once
PER_S = 3.0  # and from then on
MOST_PAPERS = 5000  # dealt papers that are kept


@dataclass(slots=True)
class Bucket:
    """Lets a burst pass, then a steady flow."""

    at: float
    left: float = BURST

    def take(self, now: float) -> bool:
        """Whether one more may pass."""
        self.left = min(float(BURST), self.left + max(0.0, now - self.at) * PER_S)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True


@dataclass(slots=True, kw_only=True)
class Room:
    """One test being given.

    Attributes:
        now: Gives the time, in seconds since 1970.
        tick: Gives a time that only grows, for the limit on requests.
        links: Pseudonym by the hash of a link.
        browsers: Pseudonym by the hash of a browser's cookie.
        keep_until: Until when answers are kept, as the first page says.
        contact: Whom to ask about the data; may be empty.
    """

    writer: Writer
    pages: Pages
    now: Callable[[], float] = time.time
    tick: Callable[[], float] = time.monotonic
    links: dict[str, str] = field(default_factory=dict)
    browsers: dict[str, str] = field(default_factory=dict)
    keep_until: str = ""
    contact: str = ""
    buckets: dict[str, Bucket] = field(default_factory=dict)
    papers: dict[str, tuple[PaperQuestion, ...]] = field(default_factory=dict)

    def load(self, store: Store) -> None:
        """Learn who may come in: forged tokens are refused without asking the store."""
        for seat in store.seats():
            self.links[seat.token_hash] = seat.pseudonym
            if seat.browser_hash:
                self.browsers[seat.browser_hash] = seat.pseudonym

    def of_link(self, token: str) -> str:
        """Return whose link it is; empty for a forged one."""
        return self.links.get(hash_of(token), "") if is_token(token) else ""

    def of_browser(self, browser: str) -> str:
        """Return whose test a browser takes; empty if none."""
        return self.browsers.get(hash_of(browser), "") if is_token(browser) else ""

    def may_ask(self, who: str) -> bool:
        """Whether a student, or whoever opens a student's link, stays below the limit."""
        tick = self.tick()
        return self.buckets.setdefault(who, Bucket(tick)).take(tick)

    def let_in(self, seat: Seat, browser_hash: str) -> None:
        """Remember a browser that was bound, in place of the one before."""
        self.browsers.pop(seat.browser_hash, None)
        if browser_hash:
            self.browsers[browser_hash] = seat.pseudonym

    def paper_of(self, pseudonym: str) -> tuple[PaperQuestion, ...]:
        """Return a student's own questions; dealt once."""
        found = self.papers.get(pseudonym)
        if found is None:
            found = deal(self.pages.paper, pseudonym)
            if len(self.papers) < MOST_PAPERS:
                self.papers[pseudonym] = found
        return found
