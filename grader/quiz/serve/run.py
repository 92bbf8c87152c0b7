"""Prepares a test from what the lecturer typed, and gives it until it is told to stop."""

import contextlib
import logging
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from grader.errors import RequestError
from grader.lockfile import locked
from grader.quiz.extra import need
from grader.quiz.model import Quiz
from grader.quiz.paper import strip_keys
from grader.quiz.serve import links
from grader.quiz.serve.app import Site, create_app
from grader.quiz.serve.desk import Desk, discussion
from grader.quiz.serve.links import Link, Student
from grader.quiz.serve.pages import Pages
from grader.quiz.serve.patience import HEAD_S, KEEP_ALIVE_S, MOST_CONNECTIONS, patient_protocol
from grader.quiz.serve.room import Room
from grader.quiz.serve.schema import Test, open_to_write
from grader.quiz.serve.session import Terms
from grader.quiz.serve.store import Store
from grader.quiz.serve.writer import Writer


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the lecturer wants. None: as the state says, or as the quiz says if it is new.

    Attributes:
        secret: The course's.
        students: Of the roster; none if the state has them.
        limit_s: Time limit; 0 for none.
        opens_at, begin_by: Seconds since 1970; 0 for none.
        address: What links begin with.
        keep_until, contact: What the first page says about the data.
    """

    quiz: Quiz
    state: Path
    secret: bytes
    seed: int
    students: tuple[Student, ...] = ()
    limit_s: float | None = None
    opens_at: float | None = None
    begin_by: float | None = None
    address: str = ""
    keep_until: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A test that can be given.

    Attributes:
        links: One per student of the roster.
        lecturer: Address of the lecturer's page.
        students: How many have a link.
        is_resumed: Whether somebody has begun already.
    """

    site: Site
    links: tuple[Link, ...]
    lecturer: str
    students: int
    is_resumed: bool


@contextlib.contextmanager
def prepare(plan: Plan) -> Iterator[Prepared]:
    """Open or make the state, and hold it for this process alone.

    Raises:
        RequestError: If another server holds it, it is of another quiz or secret, or nobody is in
            it.
        ContentError: If a figure of the quiz is missing.
    """
    need("starlette.applications")
    need("uvicorn")
    lock = plan.state.with_name(f"{plan.state.name}.lock")
    try:
        holding = locked(lock, lambda: _refuse_second(plan.state))
        with holding:
            yield _prepare(plan)
    except OSError as error:
        raise RequestError(f"{plan.state} cannot be written: {error.strerror}.") from error


def _refuse_second(state: Path) -> None:
    raise RequestError(f"{state}: a server is giving this test already; end it first.")


def _prepare(plan: Plan) -> Prepared:
    pages = Pages(strip_keys(plan.quiz, seed=plan.seed), plan.quiz.folder)
    store = Store(open_to_write(plan.state))
    try:
        with store.transaction():
            test, is_resumed = _settle_test(plan, store)
            made = tuple(
                links.make_link(plan.secret, test.nonce, student.student_id)
                for student in plan.students
            )
            for link, student in zip(made, plan.students, strict=True):
                token_hash = links.hash_of(link.token)
                store.put_student(link.pseudonym, token_hash, student.accommodation)
            seats = store.seats()
            if not seats:
                raise RequestError("There is nobody to take the test: give --roster FILE.csv.")
    except BaseException:
        store.close()
        raise
    token = links.lecturer_token(plan.secret, test.nonce)
    if test.seed != plan.seed:  # of the state: papers stay as they were dealt
        pages = Pages(strip_keys(plan.quiz, seed=test.seed), plan.quiz.folder)
    room = Room(writer=Writer(store), pages=pages, keep_until=plan.keep_until, contact=plan.contact)
    room.load(store)
    desk = Desk(room=room, quiz=plan.quiz, token_hash=links.hash_of(token))
    discussion(desk, ())  # a figure that is missing is told now, not in front of the class
    return Prepared(
        site=Site(
            desk=desk,
            state=plan.state,
            cookie=f"dlab_{links.hash_of(token)[:8]}",
            is_secure=plan.address.startswith("https:"),
        ),
        links=made,
        lecturer=f"{plan.address}/l/{token}",
        students=len(seats),
        is_resumed=is_resumed,
    )


def _settle_test(plan: Plan, store: Store) -> tuple[Test, bool]:
    """Return what the state is about, after what the lecturer changed."""
    old = store.test()
    is_resumed = any(seat.sitting.started_at for seat in store.seats())
    nonce = old.nonce if old else links.new_browser()
    check = links.secret_check(plan.secret, nonce)
    if old:
        _refuse_other(plan, old, check, is_resumed=is_resumed)
    terms = old.terms if old else Terms(limit_s=60.0 * plan.quiz.minutes)
    wishes = {"limit_s": plan.limit_s, "opens_at": plan.opens_at, "begin_by": plan.begin_by}
    test = Test(
        quiz_id=plan.quiz.quiz_id,
        bank_sha256=plan.quiz.sha256,
        seed=old.seed if old else plan.seed,
        nonce=nonce,
        secret_check=check,
        terms=replace(terms, **{key: w for key, w in wishes.items() if w is not None}),
    )
    store.put_test(test)
    return test, is_resumed


def _refuse_other(plan: Plan, old: Test, check: str, *, is_resumed: bool) -> None:
    if old.quiz_id != plan.quiz.quiz_id:
        raise RequestError(
            f"{plan.state} is the state of '{old.quiz_id}', not of '{plan.quiz.quiz_id}'; "
            "name another file with --state."
        )
    if old.secret_check != check:
        raise RequestError(
            f"{plan.state} was begun with another secret; name that one with --secret."
        )
    if is_resumed and old.bank_sha256 != plan.quiz.sha256:
        raise RequestError(
            f"The file of '{old.quiz_id}' was changed since students began; restore it as it was, "
            "and change it after the test."
        )


def open_socket(host: str, port: int) -> socket.socket:
    """Listen on an address; port 0 takes a free one.

    Raises:
        RequestError: If it is taken or is not an address of this machine.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.socket(family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise RequestError(f"Cannot listen on {host} port {port}: {reason}.") from error
    return listener


def _allow_connections() -> None:
    """Raise the limit on open files as far as is allowed: a browser opens up to six connections."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        wanted = 2 * MOST_CONNECTIONS
        if soft < wanted:
            most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
            resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


def serve(site: Site, listener: socket.socket, on_ready: Callable[[], None]) -> None:
    """Give the test until SIGINT or SIGTERM; all that was acknowledged is in the state.

    Args:
        site: What to serve.
        listener: An open socket.
        on_ready: Called before the first request is taken.
    """
    uvicorn = need("uvicorn")
    _allow_connections()
    logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # warnings quote what clients send
    config = uvicorn.Config(
        create_app(site),
        http=patient_protocol(HEAD_S),
        ws="none",
        lifespan="on",
        access_log=False,  # it would hold addresses and links
        log_config=None,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=3,
        backlog=2048,
    )
    on_ready()
    with contextlib.suppress(KeyboardInterrupt):
        uvicorn.Server(config).run(sockets=[listener])
