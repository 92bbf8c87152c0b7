"""`dlab quiz serve`: gives a test in the classroom, from the lecturer's own machine."""

import json
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from cli.commands.quiz_bank import warn_of_errors
from cli.options import json_option
from cli.screen import Screen
from cli.setting import Setting, pass_setting
from grader.errors import RequestError

if TYPE_CHECKING:
    from grader.quiz.serve.run import Plan, Prepared

PORT = 8365
LOOPBACK = ("127.0.0.1", "::1", "localhost")
ANYWHERE = ("0.0.0.0", "::", "")  # noqa: S104  what a lecturer may type
KEPT_DAYS = 180


@click.command()
@click.argument("quiz")
@click.option("--roster", type=click.Path(path_type=Path), help="CSV of who takes part.")
@click.option("--links", type=click.Path(path_type=Path), help="Write one link per student here.")
@click.option("--state", type=click.Path(path_type=Path), help="Default: QUIZ.sqlite, here.")
@click.option("--secret", type=click.Path(path_type=Path), help="The course's secret; see above.")
@click.option("--minutes", type=click.FloatRange(0, 600), help="Time limit; 0 for none.")
@click.option("--open-at", metavar="TIME", help="Nobody begins before: 10:15 or 2026-11-21T10:15.")
@click.option("--close-at", metavar="TIME", help="Nobody begins after; who began keeps the time.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(0, 65535))
@click.option("--url", default="", help="What links begin with, if a proxy stands before it.")
@click.option("--keep-until", metavar="DATE", help=f"Told to students; default: {KEPT_DAYS} days.")
@click.option("--contact", default="", help="Told to students: whom to ask about their data.")
@json_option
@pass_setting
def serve(
    setting: Setting,
    /,
    quiz: str,
    *,
    roster: Path | None,
    links: Path | None,
    state: Path | None,
    secret: Path | None,
    minutes: float | None,
    open_at: str | None,
    close_at: str | None,
    host: str,
    port: int,
    url: str,
    keep_until: str | None,
    contact: str,
    as_json: bool,
) -> None:
    """Give QUIZ in the classroom, from this machine, without an LMS.

    Each student gets a link of their own. Answers are saved while they work;
    the server keeps the time. Keys never leave this machine. Ctrl-C ends it;
    the same command goes on where it stopped, also after a crash.

    The roster has a column student (or student_id, idnumber, id), and, if
    wanted, accommodation: 1, 1.25, 1.33, 1.5 or 2 times the time limit.

    Results carry pseudonyms, made from student ids with the course's secret:
    a file of mode 0600 outside any repository, made if it is missing; default:
    dlab/quiz.secret in your configuration folder. Keep it for the whole course.

    \b
    Examples:
      dlab quiz serve session1-pre --roster roster.csv --links links.csv
      dlab quiz serve session1-pre --minutes 12 --close-at 10:30
      dlab quiz serve session1-pre --host 0.0.0.0 --url http://10.0.0.5:8365
      dlab quiz import session1-pre session1-pre.sqlite

    \b
    Exit code:
      0  it was ended with Ctrl-C; all answers are in the state file
      2  wrong usage; what to do is said, nothing was changed
      3  the quiz breaks a rule: `dlab quiz lint` says where
    """
    from grader.quiz.extra import need
    from grader.quiz.source import find_quiz

    need("starlette.applications")
    need("uvicorn")
    from grader.quiz.serve.links import load_secret, read_roster, refuse_links, write_links
    from grader.quiz.serve.run import Plan, open_socket, prepare
    from grader.quiz.serve.run import serve as run

    course = setting.course()
    found = find_quiz(course, quiz)
    warn_of_errors(course, [found])
    students = read_roster(roster) if roster else ()
    if links and not roster:
        raise RequestError("--links needs --roster: links are made from the ids in it.")
    if links:
        refuse_links(links)
    times = {"opens_at": read_time(open_at), "begin_by": read_time(close_at)}
    listener = open_socket(host, port)
    with listener:
        address = address_of(host, listener.getsockname()[1], url)
        plan = Plan(
            quiz=found,
            state=state or Path(f"{found.quiz_id}.sqlite"),
            secret=load_secret(secret or default_secret()),
            seed=0,
            students=students,
            limit_s=None if minutes is None else 60 * minutes,
            address=address,
            keep_until=keep_until or _in_days(KEPT_DAYS),
            contact=contact,
            **times,
        )
        with prepare(plan) as prepared:
            if links:
                write_links(links, prepared.links, plan.address)
            ready = partial(_say_ready, setting, plan, prepared, links, as_json=as_json)
            run(prepared.site, listener, ready)
    screen = Screen(setting)
    screen.err.print(f"Ended. All answers are in {plan.state}; the same command goes on.")


def _say_ready(
    setting: Setting, plan: "Plan", prepared: "Prepared", links: Path | None, *, as_json: bool
) -> None:
    if as_json:
        facts = {
            "quiz": plan.quiz.quiz_id,
            "lecturer": prepared.lecturer,
            "address": plan.address,
            "students": prepared.students,
            "state": str(plan.state),
            "links": str(links) if links else None,
            "is_resumed": prepared.is_resumed,
        }
        click.echo(json.dumps(facts))
        return
    screen = Screen(setting)
    goes_on = "goes on" if prepared.is_resumed else "is ready"
    screen.line(f"{plan.quiz.quiz_id} {goes_on} for {prepared.students} students.")
    screen.out.print(f"  Lecturer's page, for you alone: {prepared.lecturer}")
    if links:
        screen.out.print(f"  Students' links, for you alone: {links}")
    screen.out.print(f"  Answers: {plan.state}")
    host = urlsplit(plan.address)
    if host.scheme == "http" and host.hostname not in LOOPBACK:
        screen.err.print(
            "Without TLS everybody in this network can read along; see docs/quizzes.md."
        )
    screen.err.print("Ctrl-C ends it.")


def address_of(host: str, port: int, url: str) -> str:
    """Return what links begin with.

    Raises:
        RequestError: If it cannot be told, or is not an address.
    """
    if url:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.netloc or parts.query:
            raise RequestError(f"--url is like https://quiz.example.org, not '{url}'.")
        if parts.path.strip("/"):
            raise RequestError(
                f"--url ends after the host: the pages are at its root, not '{url}'."
            )
        return f"{parts.scheme}://{parts.netloc}"
    if host in ANYWHERE:
        raise RequestError(
            f"--host {host} listens on all addresses: say with --url which one links begin with, "
            f"such as --url http://192.168.1.5:{port}."
        )
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def read_time(text: str | None) -> float | None:
    """Return a time of today or of another day as seconds since 1970; None if none is given.

    Raises:
        RequestError: If it is not a time.
    """
    if not text:
        return None
    try:
        if "T" in text or "-" in text:
            return datetime.fromisoformat(text).astimezone().timestamp()
        hour, minute = map(int, text.split(":"))
        today = datetime.now().astimezone()
        return today.replace(hour=hour, minute=minute, second=0, microsecond=0).timestamp()
    except ValueError as error:
        raise RequestError(f"'{text}' is not a time: write 10:15 or 2026-11-21T10:15.") from error


def default_secret() -> Path:
    """Return where the course's secret is if nothing else is said."""
    return Path(click.get_app_dir("dlab", force_posix=False)) / "quiz.secret"


def _in_days(days: int) -> str:
    return (datetime.now().astimezone() + timedelta(days=days)).date().isoformat()
