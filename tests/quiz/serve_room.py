"""A test being given, without a network: the application, its clock, and students who ask it."""

import re
import socket
import warnings
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from html import unescape
from pathlib import Path
from typing import Any

from samples import sample_quiz

from grader.quiz.model import Quiz
from grader.quiz.paper import PaperQuestion
from grader.quiz.serve.links import Link, Student
from grader.quiz.serve.run import Plan, Prepared, prepare

SECRET = bytes(range(32))
START = 1_795_000_000.0  # an afternoon in November 2026
ROSTER = tuple(Student(student_id=f"00{number}") for number in range(1, 9))


@dataclass(slots=True)
class Clock:
    """Time that a test moves."""

    at: float = START

    def __call__(self) -> float:
        return self.at


@dataclass(slots=True)
class Class:
    """A running test."""

    prepared: Prepared
    clock: Clock
    ticks: Clock
    app: Any
    new_client: Callable[[], Any]

    def link(self, number: int = 0) -> Link:
        return self.prepared.links[number]

    def paper(self, number: int = 0) -> tuple[PaperQuestion, ...]:
        return self.prepared.site.desk.room.paper_of(self.link(number).pseudonym)

    def browser(self) -> Any:
        """Return somebody without a cookie; follows no redirect."""
        return self.new_client()

    def student(self, number: int = 0) -> "Sitter":
        """Return a student who has begun."""
        browser = self.browser()
        sitter = Sitter(self, browser, number)
        assert browser.get(f"/s/{self.link(number).token}").status_code == 200
        assert sitter.begin().status_code == 303
        return sitter

    @property
    def desk(self) -> str:
        """Path of the lecturer's page."""
        return "/l/" + self.prepared.lecturer.rpartition("/")[2]


@dataclass(slots=True)
class Sitter:
    """A student at a browser."""

    room: Class
    browser: Any
    number: int
    seen: list[str] = field(default_factory=list)

    def begin(self) -> Any:
        return self.browser.post(f"/s/{self.room.link(self.number).token}/begin")

    def place(self, question_id: str) -> int:
        ids = [question.question_id for question in self.room.paper(self.number)]
        return ids.index(question_id) + 1

    def option(self, question_id: str, text: str) -> str:
        question = self.room.paper(self.number)[self.place(question_id) - 1]
        return next(o.option_id for o in question.options if text in o.text)

    def save(self, **fields: str | list[str]) -> Any:
        """Save as the script does; a field `conv_params=...` is of that question."""
        return self.browser.post("/save", data=self.form(fields))

    def form(self, fields: dict[str, str | list[str]]) -> dict[str, str | list[str]]:
        named: dict[str, str | list[str]] = {}
        for name, value in fields.items():
            place = self.place(name.replace("_", "-"))
            named |= {f"was{place}": "?", f"q{place}": value}
        return named

    def send(self, do: str, fields: dict[str, Any] | None = None) -> Any:
        return self.browser.post("/test", data={"do": do, **(fields or {})})

    def page(self) -> str:
        text = self.browser.get("/test").text
        assert isinstance(text, str)
        return text

    def shown(self) -> dict[str, list[str]]:
        """Return what a browser would send if its page were submitted as it came."""
        return fields_in(self.page())

    def value(self, question_id: str) -> Any:
        """Return what an import would read."""
        from grader.quiz.serve.store import read_attempts

        attempts = read_attempts(self.room.prepared.site.state, now=self.room.clock.at)
        own = next(a for a in attempts if a.student == self.room.link(self.number).pseudonym)
        return next(r.value for r in own.responses if r.question_id == question_id)


def fields_in(page: str) -> dict[str, list[str]]:
    """Read a form's fields out of our own HTML."""
    found: dict[str, list[str]] = {}
    for tag in re.findall(r"<input [^>]*>", page):
        facts = dict(re.findall(r'(\w+)="([^"]*)"', tag))
        is_off = facts["type"] in ("radio", "checkbox") and " checked" not in tag
        if not is_off:
            found.setdefault(facts["name"], []).append(unescape(facts.get("value", "")))
    for name, inner in re.findall(r'<select name="([^"]*)">(.*?)</select>', page, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', inner)
        found[name] = [chosen[1] if chosen else ""]
    return found


def plan_of(folder: Path, quiz: Quiz | None = None, **values: Any) -> Plan:
    """Return a plan with the sample quiz and eight students."""
    plain: dict[str, Any] = {
        "quiz": quiz or sample_quiz(),
        "state": folder / "state.sqlite",
        "secret": SECRET,
        "seed": 7,
        "students": ROSTER,
        "address": "http://testserver",
        "keep_until": "2027-05-20",
    }
    return Plan(**(plain | values))


@contextmanager
def a_class(plan: Plan, at: float = START) -> Iterator[Class]:
    """Give a test inside this process."""
    with warnings.catch_warnings():  # it would rather have the successor of httpx
        warnings.simplefilter("ignore")
        from starlette.testclient import TestClient

    from grader.quiz.serve.app import create_app

    clock, ticks = Clock(at), Clock()
    with ExitStack() as stack:
        prepared = stack.enter_context(prepare(plan))
        room = prepared.site.desk.room
        room.now, room.tick = clock, ticks
        app = create_app(prepared.site)
        stack.enter_context(TestClient(app))

        def new_client() -> Any:
            return TestClient(app, follow_redirects=False, base_url="http://testserver")

        yield Class(prepared, clock, ticks, app, new_client)


def free_port() -> int:
    """Return a port that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def with_extra_time(factor: float) -> tuple[Student, ...]:
    """Return the roster, its first student with extra time."""
    return (replace(ROSTER[0], accommodation=factor), *ROSTER[1:])
