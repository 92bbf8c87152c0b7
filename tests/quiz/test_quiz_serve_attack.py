"""Forged, large, fast and slow requests. The student's own work survives all of them."""

import asyncio
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from samples import write_quiz
from serve_room import Class, Sitter, a_class, plan_of

from grader.quiz.attempt import mark_attempt
from grader.quiz.serve import guard
from grader.quiz.serve.guard import MOST_BODY, Guard, read_body
from grader.quiz.serve.links import Student, new_browser
from grader.quiz.serve.notices import RefusedError
from grader.quiz.serve.room import BURST
from grader.quiz.serve.store import read_attempts
from grader.quiz.source import read_quiz

FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Class]:
    with a_class(plan_of(tmp_path)) as given:
        yield given


@pytest.fixture
def student(room: Class) -> Sitter:
    sitter = room.student()
    assert sitter.save(conv_params="1792").status_code == 200
    return sitter


# Who


@pytest.mark.parametrize(
    "token",
    [
        "A" * 22,
        "a",
        "a" * 5000,
        "..%2f..%2fetc%2fpasswd",
        "%00",
        "' OR 1=1 --",
        "%F0%9F%98%80" * 22,
        "-" * 22,
    ],
)
def test_forged_links_open_nothing(token: str, room: Class) -> None:
    browser = room.browser()

    for reply in (
        browser.get(f"/s/{token}"),
        browser.post(f"/s/{token}/begin"),
        browser.get(f"/l/{token}"),
        browser.get(f"/l/{token}/counts"),
        browser.get(f"/l/{token}/scores.csv"),
        browser.get(f"/l/{token}/state.sqlite"),
        browser.post(f"/l/{token}", data={"do": "close", "sure": "yes"}),
    ):
        assert reply.status_code == 404
        assert "set-cookie" not in reply.headers
        assert "Question" not in reply.text


def test_a_students_link_does_not_open_the_lecturers_page(room: Class) -> None:
    assert room.browser().get(f"/l/{room.link().token}").status_code == 404
    assert room.browser().get(room.desk.replace("/l/", "/s/")).status_code == 404


@pytest.mark.parametrize("cookie", ["", "A" * 22, "x" * 4000, "ABCDEFGHIJKL", '"', "%00"])
def test_forged_cookies_open_nothing(cookie: str, room: Class, student: Sitter) -> None:
    name = room.prepared.site.cookie
    browser = room.browser()
    headers = {"cookie": f"{name}={cookie}"}

    for path in ("/test", "/review", "/left"):
        assert browser.get(path, headers=headers).status_code == 403
    for path in ("/test", "/save"):
        assert browser.post(path, headers=headers, data={"q1": "1"}).status_code == 403
    assert student.value("conv-params") == "1792"


def test_another_students_link_does_not_touch_a_running_test(room: Class, student: Sitter) -> None:
    """One who knows a link of somebody who has begun, and has a test of their own."""
    thief = room.student(1)

    assert thief.browser.get(f"/s/{room.link(0).token}").status_code == 403
    assert thief.browser.post(f"/s/{room.link(0).token}/begin").status_code == 409
    thief.send("submit", thief.form({"conv_params": "0"}))

    assert student.value("conv-params") == "1792"
    assert student.save(conv_params="7").status_code == 200


def test_a_chosen_cookie_does_not_become_another_students(room: Class, student: Sitter) -> None:
    """A cookie of the right form that was never given out is bound to its own link only."""
    browser, name = room.browser(), new_browser()
    browser.cookies.set(room.prepared.site.cookie, name)

    assert browser.post(f"/s/{room.link(0).token}/begin").status_code == 403
    assert browser.get("/test").status_code == 403
    assert student.page().count("<fieldset") == 8


def test_another_site_cannot_send_the_form(student: Sitter) -> None:
    headers = {"sec-fetch-site": "cross-site"}

    assert student.browser.post("/test", data={"do": "submit"}, headers=headers).status_code == 403
    assert student.save(conv_params="1").status_code == 200


# What


@pytest.mark.parametrize(
    "fields",
    [
        {"q1": "forged00"},
        {"q1": ["a"] * 300},
        {"q99": "1"},
        {"student": "OTHER", "q1": "1"},
        {"was1": "[]", "was2": "[]", "q3[]": "1"},
        {"q1.q1": "1"},
    ],
    ids=str,
)
def test_forged_ids_change_nothing(fields: dict[str, Any], student: Sitter) -> None:
    good = student.form({"sigmoid": "0.5"})

    assert student.browser.post("/save", data=good | fields).status_code == 400
    assert student.send("submit", good | fields).status_code == 400

    assert student.value("sigmoid") == ""
    assert student.save(conv_params="2").status_code == 200  # it was not submitted


def test_an_option_of_another_question_is_refused(student: Sitter) -> None:
    foreign = student.option("softmax-grad", "y - p")

    assert student.save(dropout_eval=[foreign]).status_code == 400


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"q1": "1"}', {"content-type": "application/json"}),
        (b"--x\r\n\r\n1\r\n--x--", {"content-type": "multipart/form-data; boundary=x"}),
        (b"q1=1", {"content-type": "text/plain"}),
        (b"q1=\xff\xfe", FORM),
        (b"q1=%FF%FE", FORM),
        (b"&".join(b"a%d=1" % number for number in range(500)), FORM),
    ],
)
def test_what_is_no_form_of_ours_is_refused(
    body: bytes, headers: dict[str, str], student: Sitter
) -> None:
    reply = student.browser.post("/test", content=body, headers=headers)

    assert reply.status_code == 400
    assert student.value("conv-params") == "1792"


@pytest.mark.parametrize("typed", ["=1+1", "<script>alert(1)</script>", '"><b>', "😀" * 50, "nan"])
def test_hostile_answers_are_text_and_nothing_else(
    typed: str, student: Sitter, room: Class
) -> None:
    assert student.save(clear_grads=typed, conv_params=typed).status_code == 200

    page = student.page()
    assert student.shown()[f"q{student.place('clear-grads')}"] == [typed]
    assert "<script>alert" not in page
    (attempt,) = read_attempts(room.prepared.site.state, now=room.clock.at)
    assert mark_attempt(room.prepared.site.desk.quiz, attempt).points == 0


HOSTILE = """## a: <script>alert(1)</script> {{points=1}}

Stem <script>alert(2)</script> ]]> $\\frac{{1}}{{2}}$ `</code><img src=x>` "quotes" {long}

- [x] <b onclick="x()">bold</b> =1+1
- [ ] [link](javascript:alert(3)) 😀
- [ ] $</math><script>$

> </p><script>alert(4)</script>
"""


def test_hostile_questions_run_nothing(tmp_path: Path) -> None:
    quiz = read_quiz(write_quiz(tmp_path, HOSTILE.format(long="x" * 5000)))
    with a_class(plan_of(tmp_path, quiz=quiz)) as room:
        page = room.student().page()
        room.browser().post(room.desk, data={"do": "close", "sure": "yes"})
        page += room.browser().get(room.desk).text

    scripts = page.count("<script")
    assert scripts == page.count('<script src="/static/') == 4
    assert "<b onclick" not in page
    assert "<img src=x" not in page
    assert 'href="javascript' not in page


# How much, how fast


@pytest.mark.parametrize("path", ["/save", "/test"])
def test_large_bodies_are_refused(path: str, student: Sitter) -> None:
    body = b"q1=" + b"x" * MOST_BODY

    assert student.browser.post(path, content=body, headers=FORM).status_code == 413
    assert student.browser.post(path, content=iter([body]), headers=FORM).status_code == 413
    assert student.value("conv-params") == "1792"


def test_a_flood_of_saves_is_slowed_and_others_are_not(room: Class, student: Sitter) -> None:
    other = room.student(1)
    found = [student.save(conv_params=str(number)).status_code for number in range(BURST + 20)]

    assert set(found) == {200, 429}
    assert found.index(429) >= BURST - 5
    last = str(found.index(429) - 1)
    assert student.value("conv-params") == last
    slowed = student.browser.get("/test")
    assert (slowed.status_code, slowed.headers["retry-after"]) == (429, "5")
    assert other.save(conv_params="1").status_code == 200
    room.ticks.at += 2
    assert student.save(conv_params="9").status_code == 200


def test_who_floods_a_link_does_not_slow_its_owner(room: Class, student: Sitter) -> None:
    thief = room.browser()
    found = {thief.get(f"/s/{room.link().token}").status_code for _ in range(BURST + 5)}

    assert found == {403, 429}
    assert student.save(conv_params="7").status_code == 200


def test_a_flood_leaves_no_trail_that_fills_the_disk(room: Class, student: Sitter) -> None:
    room.clock.at += 1000
    for number in range(50):
        room.ticks.at += 1
        assert student.save(conv_params=str(number)).status_code == 403
    other = room.browser()
    for _ in range(50):
        room.ticks.at += 1
        other.get(f"/s/{room.link().token}")

    import contextlib

    from grader.quiz.serve.schema import open_to_read
    from grader.quiz.serve.store import Store

    with contextlib.closing(open_to_read(room.prepared.site.state)) as db:
        kinds = [kind for _, kind, _, _ in Store(db).events()]
    assert sorted(kinds) == ["begun", "late", "second browser"]


def test_a_full_disk_is_told_and_what_was_saved_stays(tmp_path: Path) -> None:
    many = tuple(Student(student_id=str(number)) for number in range(40))
    with a_class(plan_of(tmp_path, students=many)) as room:
        db = room.prepared.site.desk.room.writer._store._db
        first = room.student(0)
        first.save(conv_params="1792")
        sitters = [Sitter(room, room.browser(), number) for number in range(1, 40)]
        for sitter in sitters:
            sitter.browser.get(f"/s/{room.link(sitter.number).token}")
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")

        replies = [sitter.begin() for sitter in sitters]

        assert {reply.status_code for reply in replies} == {303, 503}
        assert replies[-1].headers["retry-after"] == "5"
        assert "your last answer was not saved" in replies[-1].text
        assert "database or disk is full" in room.browser().get(room.desk).text
        assert first.value("conv-params") == "1792"
        db.execute("PRAGMA max_page_count = 100000")
        assert sitters[-1].begin().status_code == 303
        assert sitters[-1].save(conv_params="2").status_code == 200
        assert "disk is full" not in room.browser().get(room.desk).text


def test_a_slow_body_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_S", 0.01)

    async def receive() -> Any:
        await asyncio.Event().wait()

    with pytest.raises(RefusedError, match="too slowly") as caught:
        asyncio.run(read_body(receive, ""))
    assert caught.value.status == 408


@pytest.mark.parametrize("length", ["-1", "1e9", "99999999999999999999", "٣", str(MOST_BODY + 1)])
def test_a_length_is_not_believed(length: str) -> None:
    async def receive() -> Any:
        raise AssertionError("it is refused before anything is read")

    with pytest.raises(RefusedError, match="too large"):
        asyncio.run(read_body(receive, length))


def test_a_body_that_breaks_off_is_not_read_as_a_form() -> None:
    messages = iter([{"type": "http.request", "body": b"q1=1", "more_body": True}])

    async def receive() -> Any:
        return next(messages, {"type": "http.disconnect"})

    with pytest.raises(RefusedError, match="broke off"):
        asyncio.run(read_body(receive, ""))


# Where


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2fapp.py",
        "/static/%2e%2e/store.py",
        "/static/quiz.css/../../run.py",
        "/static/",
        "/static/quiz.css%00.py",
        "/static//etc/passwd",
        "/image/../state.sqlite",
        "/image/..%2f..%2fsample.quiz.md",
        "/image/" + "0" * 32 + ".svg",
        "/state.sqlite",
        "/quizzes/sample.quiz.md",
        "/.git/config",
        "/test/",
        "/docs",
        "/openapi.json",
    ],
)
def test_path_tricks_find_nothing(path: str, room: Class) -> None:
    reply = room.browser().get(path)

    assert reply.status_code == 404
    assert reply.text == "There is no such page."
    assert "content-security-policy" in reply.headers


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "POST"])
def test_other_methods_are_refused(method: str, room: Class) -> None:
    assert room.browser().request(method, "/review").status_code == 405


# What every answer carries


def test_every_answer_has_the_headers(room: Class, student: Sitter) -> None:
    replies = [
        student.browser.get(path)
        for path in ("/", "/test", "/left", "/none", f"/s/{'A' * 22}", room.desk)
    ]
    replies.append(student.save(conv_params="1"))

    for reply in replies:
        policy = reply.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert reply.headers["referrer-policy"] == "no-referrer"
        assert reply.headers["cache-control"] == "no-store"


def test_pages_have_no_inline_script_or_style_and_no_third_party(
    room: Class, student: Sitter
) -> None:
    for page in (student.page(), room.browser().get(room.desk).text):
        assert "style=" not in page
        assert "<style" not in page
        assert not re.search(r"\son\w+=", page)
        assert page.count("<script") == page.count('<script src="/static/')
        outside = page.replace("http://www.w3.org/1998/Math/MathML", "")
        assert "//" not in outside.replace("/static/", "")


def test_an_error_of_ours_says_nothing(caplog: pytest.LogCaptureFixture) -> None:
    sent: list[Any] = []

    async def broken(*_: Any) -> None:
        raise ValueError("secret 203.0.113.7")

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {}

    asyncio.run(Guard(broken)({"type": "http"}, receive, send))

    assert sent[0]["status"] == 500
    assert b"secret" not in sent[1]["body"]
    assert "203.0.113.7" not in caplog.text
    assert "ValueError" in caplog.text


def test_an_answer_that_takes_forever_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "REQUEST_S", 0.01)
    sent: list[Any] = []

    async def stuck(*_: Any) -> None:
        await asyncio.Event().wait()

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {}

    asyncio.run(Guard(stuck)({"type": "http"}, receive, send))

    assert sent[0]["status"] == 503
