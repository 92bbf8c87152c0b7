"""What students and the lecturer can do, asked over HTTP with a clock that the test moves."""

import csv
import io
import re
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from samples import sample_quiz, write_quiz
from serve_room import (
    ROSTER,
    START,
    Class,
    Sitter,
    a_class,
    fields_in,
    plan_of,
    with_extra_time,
)

from grader.errors import ContentError, RequestError
from grader.quiz.attempt import mark_attempt
from grader.quiz.model import Choice, Matching, Numeric, Ordering, Question, Quiz, Short
from grader.quiz.serve.links import Student
from grader.quiz.serve.run import prepare
from grader.quiz.serve.store import read_attempts
from grader.quiz.source import read_quiz


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Class]:
    with a_class(plan_of(tmp_path)) as given:
        yield given


# The link


def test_first_page_says_what_is_stored_and_for_how_long(room: Class) -> None:
    page = room.browser().get(f"/s/{room.link().token}").text

    assert "8 questions" in page
    assert "10 minutes" in page
    assert "What is stored" in page
    assert "No name, no e-mail address, no IP address" in page
    assert "kept until 2027-05-20" in page
    assert "Question 1" not in page


def test_looking_at_a_link_binds_nothing(room: Class) -> None:
    """Mail programs and messengers look at links before their owner does."""
    for _ in range(3):
        assert room.browser().get(f"/s/{room.link().token}").status_code == 200

    assert room.student().page().count("<fieldset") == 8


def test_cookie_is_for_this_site_and_no_script(room: Class) -> None:
    reply = room.browser().get(f"/s/{room.link().token}")
    cookie = reply.headers["set-cookie"]

    assert re.search(r"dlab_[0-9a-f]{8}=[\w-]{22};", cookie)
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie


def test_behind_https_the_cookie_is_secure(tmp_path: Path) -> None:
    with a_class(plan_of(tmp_path, address="https://quiz.example.org")) as room:
        reply = room.browser().get(f"/s/{room.link().token}")

    assert "Secure" in reply.headers["set-cookie"]


def test_second_browser_is_refused_until_the_lecturer_lets_it_in(room: Class) -> None:
    first = room.student()
    first.save(conv_params="1792")
    second = Sitter(room, room.browser(), 0)

    refused = second.browser.get(f"/s/{room.link().token}")
    assert refused.status_code == 403
    assert "Your test is open elsewhere" in refused.text
    code = room.link().code
    assert f"{code[:4]} {code[4:]}" in refused.text
    assert "Question" not in refused.text
    assert second.begin().status_code == 400  # it was given no cookie

    typed = f" {code[:4].lower()} {code[4:]} "
    done = room.browser().post(room.desk, data={"do": "reset", "code": typed})
    assert done.status_code == 303
    let_in = second.browser.get(f"/s/{room.link().token}")
    assert let_in.status_code == 200
    assert "You have begun: the clock is running" in let_in.text
    assert second.begin().status_code == 303
    assert second.shown()[f"q{second.place('conv-params')}"] == ["1792"]
    assert first.browser.get("/test").status_code == 403


def test_a_begin_that_is_pressed_twice_is_one(room: Class) -> None:
    student = room.student()

    again = student.begin()

    assert (again.status_code, again.headers["location"]) == (303, "/test")
    assert student.browser.get(f"/s/{room.link().token}").headers["location"] == "/test"


def test_without_cookies_the_page_says_so(room: Class) -> None:
    reply = room.browser().post(f"/s/{room.link().token}/begin")

    assert reply.status_code == 400
    assert "refuses cookies" in reply.text


def test_two_students_cannot_share_a_browser_at_once_but_one_after_the_other(room: Class) -> None:
    first = room.student(0)
    second = Sitter(room, first.browser, 1)
    assert first.browser.get(f"/s/{room.link(1).token}").status_code == 409
    assert second.begin().status_code == 409

    first.send("submit")
    assert first.browser.get(f"/s/{room.link(1).token}").status_code == 200
    assert second.begin().status_code == 303
    assert second.page().count("<fieldset") == 8


# The test


def test_order_stays_for_a_student_and_differs_between_students(room: Class) -> None:
    students = [room.student(number) for number in range(4)]
    pages = [student.page() for student in students]

    assert [student.page() for student in students] == pages
    orders = {tuple(re.findall(r'value="([0-9a-f]{8})"', page)) for page in pages}
    assert len(orders) == 4


def test_answers_of_each_kind_are_saved_and_shown_again(room: Class) -> None:
    student = room.student()
    shown = student.shown()
    filled = {name: ["?"] if name.startswith("was") else value for name, value in shown.items()}
    for place, question in enumerate(room.paper(), 1):
        ids = [option.option_id for option in question.options]
        if question.kind in ("single", "multiple"):
            filled[f"q{place}"] = ids[:1] if question.kind == "single" else ids[1:3]
        elif question.kind == "matching":
            filled |= {f"q{place}.{left.left_id}": ids[:1] for left in question.lefts}
        elif question.kind == "ordering":
            filled |= {f"q{place}.{n}": [option] for n, option in enumerate(ids, 1)}
        else:
            filled[f"q{place}"] = ["1,792"]

    assert student.send("save", filled).headers["location"] == "/test"
    again = student.shown()

    answers = {name: value for name, value in filled.items() if name.startswith("q")}
    assert {name: again[name] for name in answers} == answers
    assert "Read as 1792." in student.page()
    assert student.send("save", again).status_code == 303
    assert student.shown() == again


def test_script_is_told_what_was_saved(room: Class) -> None:
    student = room.student()
    room.clock.at += 60

    reply = student.save(conv_params="1 792").json()

    place = str(student.place("conv-params"))
    assert reply["was"][place] == '"1 792"'
    assert reply["read"][place] == "Read as 1792."
    assert reply["left_s"] == 540


def test_a_final_that_came_up_empty_replaces_nothing(room: Class) -> None:
    """Playwright found this in the prototype: the reloaded form was blank and overwrote all."""
    student = room.student()
    blank = student.shown()
    student.save(conv_params="1792", clear_grads="zero_grad")

    assert student.send("submit", blank).status_code == 303

    assert student.value("conv-params") == "1792"
    assert student.value("clear-grads") == "zero_grad"


def test_an_old_page_in_a_second_window_replaces_only_what_was_changed_in_it(room: Class) -> None:
    student = room.student()
    student.save(conv_params="1", sigmoid="2")
    old = student.shown()
    student.save(conv_params="1792")

    student.send("submit", old | {f"q{student.place('sigmoid')}": ["0.622"]})

    assert student.value("conv-params") == "1792"
    assert student.value("sigmoid") == "0.622"


def test_what_the_student_cleared_stays_cleared(room: Class) -> None:
    student = room.student()
    student.save(conv_params="1792")
    cleared = student.shown() | {f"q{student.place('conv-params')}": [""]}

    student.send("submit", cleared)

    assert student.value("conv-params") == ""


def test_review_names_what_has_no_answer(room: Class) -> None:
    student = room.student()
    student.save(conv_params="1792")

    reply = student.send("review", student.shown())
    page = student.browser.get("/review").text

    assert reply.headers["location"] == "/review"
    assert "1 of 8 questions have an answer" in page
    assert page.count('href="/test#question') == 7


def test_second_submit_is_409_and_changes_nothing(room: Class) -> None:
    student = room.student()
    student.save(conv_params="1792")
    assert student.send("submit").status_code == 303
    assert "Your test is submitted" in student.page()

    room.clock.at += 5
    again = student.send("submit", student.form({"conv_params": "1"}))
    saved = student.save(conv_params="1")

    assert again.status_code == 409
    assert "a test is submitted once" in again.text
    assert saved.status_code == 409
    assert student.value("conv-params") == "1792"
    (attempt,) = read_attempts(room.prepared.site.state)
    assert attempt.submitted_at.endswith(":00:00+00:00") or attempt.late_s == 0


# Time


def test_late_is_refused_and_flagged_and_earlier_saves_stay(room: Class) -> None:
    student = room.student()
    room.clock.at += 614
    assert student.save(conv_params="1792").status_code == 200  # within the grace
    room.clock.at += 2

    late = student.save(conv_params="1")
    submit = student.send("submit", student.form({"conv_params": "1"}))

    assert late.status_code == 403
    assert late.json() == {"problem": "Time is up."}
    assert submit.status_code == 403
    assert "came too late and was not taken" in submit.text
    assert student.value("conv-params") == "1792"
    (attempt,) = read_attempts(room.prepared.site.state, now=room.clock.at)
    assert attempt.late_s == 1.0
    assert attempt.submitted_at  # counted from what was saved, without anybody's doing


def test_nothing_is_flagged_if_nothing_was_sent_late(room: Class) -> None:
    student = room.student()
    room.clock.at += 700

    assert "Time is up" in student.page()
    assert student.send("submit").status_code == 403

    (attempt,) = read_attempts(room.prepared.site.state, now=room.clock.at)
    assert attempt.late_s == 0


@pytest.mark.parametrize("factor", [1.0, 1.25, 1.33, 1.5, 2.0])
def test_extra_time_is_kept_by_the_server(factor: float, tmp_path: Path) -> None:
    with a_class(plan_of(tmp_path, students=with_extra_time(factor))) as room:
        student = room.student()
        room.clock.at += 600 * factor + 14.9
        assert student.save(conv_params="1").status_code == 200
        room.clock.at += 0.2
        assert student.save(conv_params="2").status_code == 403
        (attempt,) = read_attempts(room.prepared.site.state, now=room.clock.at)

    assert attempt.accommodation == factor


def test_nobody_begins_before_it_opens_or_after_the_last_moment(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, opens_at=START + 100, begin_by=START + 200)
    with a_class(plan) as room:
        early = Sitter(room, room.browser(), 0)
        page = early.browser.get(f"/s/{room.link(0).token}").text
        assert "not open yet" in page
        assert "Begin the test" not in page
        assert early.begin().status_code == 403
        room.clock.at += 150
        student = room.student(1)
        room.clock.at += 100
        late = room.browser().get(f"/s/{room.link(2).token}")

        assert "Nobody can begin it now" in late.text
        assert student.save(conv_params="1").status_code == 200


def test_without_a_limit_the_page_has_no_clock(tmp_path: Path) -> None:
    with a_class(plan_of(tmp_path, limit_s=0.0)) as room:
        student = room.student()
        room.clock.at += 1e6

        assert 'role="timer"' not in student.page()
        assert student.save(conv_params="1").json()["left_s"] is None


def test_without_a_script_everything_can_be_done(room: Class) -> None:
    """Begin, save, review and submit by plain forms, with what stands in the pages."""
    student = room.student()
    place = student.place("clear-grads")

    student.send("save", student.shown() | {f"q{place}": ["zero_grad"]})
    student.send("review", student.shown())
    assert fields_in(student.browser.get("/review").text) == {}
    done = student.send("submit")

    assert done.status_code == 303
    assert student.value("clear-grads") == "zero_grad"
    assert "1 of 8 questions have an answer" in student.page()


# The lecturer


def counts(room: Class) -> dict[str, Any]:
    found: dict[str, Any] = room.browser().get(f"{room.desk}/counts").json()
    return found


def test_counts_follow_the_class(room: Class) -> None:
    room.browser().get(f"/s/{room.link(5).token}")
    room.browser().head(f"/s/{room.link(6).token}")
    one, two = room.student(0), room.student(1)
    one.save(conv_params="1792")
    two.save(conv_params="")
    two.send("submit")

    found = counts(room)

    assert (found["students"], found["opened"], found["started"]) == (8, 3, 2)
    assert (found["running"], found["submitted"], found["out_of_time"]) == (1, 1, 0)
    answered = {row["question"]: row["count"] for row in found["answered"]}
    assert answered["conv-params"] == 1
    assert sum(answered.values()) == 1
    room.clock.at += 1000
    assert counts(room)["out_of_time"] == 1


def test_closing_needs_a_tick_and_ends_it_for_all(room: Class) -> None:
    student = room.student()
    refused = room.browser().post(room.desk, data={"do": "close"})
    assert refused.status_code == 400
    assert "Tick the box" in refused.text
    assert student.save(conv_params="1").status_code == 200

    assert room.browser().post(room.desk, data={"do": "close", "sure": "yes"}).status_code == 303

    assert student.save(conv_params="2").status_code == 403
    assert "The test is closed" in student.page()
    assert counts(room)["closed"] == 1
    assert "Nobody can begin it now" in room.browser().get(f"/s/{room.link(1).token}").text
    room.browser().post(room.desk, data={"do": "reopen"})
    assert student.save(conv_params="3").status_code == 200


def test_extension_is_told_to_running_pages_and_revives_who_was_out_of_time(room: Class) -> None:
    student = room.student()
    room.clock.at += 620
    assert student.browser.get("/left").json() == {"left_s": 0, "is_running": False}

    assert room.browser().post(room.desk, data={"do": "extend", "minutes": "5"}).status_code == 303

    assert student.browser.get("/left").json() == {"left_s": 280, "is_running": True}
    assert student.save(conv_params="1").status_code == 200


@pytest.mark.parametrize("minutes", ["", "0", "-5", "5.5", "121", "9" * 5000, "٣", "five"])
def test_a_bad_extension_is_refused(minutes: str, room: Class) -> None:
    reply = room.browser().post(room.desk, data={"do": "extend", "minutes": minutes})

    assert reply.status_code == 400
    assert "Give whole minutes from 1 to 120" in reply.text


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"do": "reset", "code": "AAAAAAAA"}, "No link has this code"),
        ({"do": "reset"}, "No link has this code"),
        ({"do": "delete"}, "This button is not known"),
        ({}, "This button is not known"),
    ],
)
def test_what_the_lecturer_cannot_do_is_said(form: dict[str, str], said: str, room: Class) -> None:
    reply = room.browser().post(room.desk, data=form)

    assert reply.status_code == 400
    assert said in reply.text


def sat(room: Class, number: int) -> None:
    """Let one student answer and submit; even numbers are right."""
    student = room.student(number)
    option = student.option("dropout-eval", "True" if number % 2 else "False")
    student.save(dropout_eval=[option])
    student.send("submit")


def close(room: Class) -> str:
    room.browser().post(room.desk, data={"do": "close", "sure": "yes"})
    text = room.browser().get(room.desk).text
    assert isinstance(text, str)
    return text


def test_after_closing_facility_and_explanations_are_for_discussion(room: Class) -> None:
    for number in range(6):
        sat(room, number)
    assert "To discuss" not in room.browser().get(room.desk).text

    page = close(room)

    assert "F.cross_entropy" in page
    article = next(a for a in page.split("<article>") if "Dropout" in a or "dropout still" in a)
    assert "50 % of the points" in article
    assert "chosen by 3" in article
    assert "numbers differ from student to student" in page


def test_statistics_of_fewer_than_five_are_not_shown(room: Class) -> None:
    for number in range(4):
        sat(room, number)

    page = close(room)

    assert "F.cross_entropy" in page
    assert "fewer than 5 students took part" in page
    assert "% of the points" not in page
    assert "chosen by" not in page


def test_points_are_sent_as_csv_by_pseudonym(room: Class) -> None:
    sat(room, 0)
    room.student(1).save(clear_grads="=1+1")

    reply = room.browser().get(f"{room.desk}/scores.csv")
    rows = list(csv.DictReader(io.StringIO(reply.text)))

    assert reply.headers["content-disposition"] == 'attachment; filename="sample-scores.csv"'
    by_name = {row["student"]: row for row in rows}
    right, wrong = (by_name[room.link(number).pseudonym] for number in (0, 1))
    assert (right["points"], right["max_points"], right["dropout-eval"]) == ("1", "12", "1")
    assert (wrong["clear-grads"], wrong["conv-params"]) == ("0", "")
    assert "=1+1" not in reply.text


def test_state_is_sent_as_one_file_that_can_be_imported(room: Class, tmp_path: Path) -> None:
    sat(room, 0)

    reply = room.browser().get(f"{room.desk}/state.sqlite")
    (tmp_path / "copy.sqlite").write_bytes(reply.content)

    assert reply.headers["content-disposition"] == 'attachment; filename="sample.sqlite"'
    copied, own = (
        read_attempts(path, now=room.clock.at)
        for path in (tmp_path / "copy.sqlite", room.prepared.site.state)
    )
    assert copied == own
    assert mark_attempt(sample_quiz(), copied[0]).points == 1


# Going on, and what cannot be prepared


def test_started_again_it_goes_on_with_the_same_links(tmp_path: Path) -> None:
    with a_class(plan_of(tmp_path)) as room:
        student = room.student()
        student.save(conv_params="1792")
        order, cookies = student.page(), student.browser.cookies
        lecturer, links = room.prepared.lecturer, room.prepared.links
    with a_class(plan_of(tmp_path, students=(), seed=8), at=START + 30) as room:
        assert room.prepared.is_resumed
        assert room.prepared.lecturer == lecturer
        again = room.browser()
        again.cookies = cookies
        page = again.get("/test").text
    with a_class(plan_of(tmp_path)) as room:
        assert room.prepared.links == links

    ids = r'value="([0-9a-f]{8})"'
    assert re.findall(ids, page) == re.findall(ids, order)
    assert 'value="1792"' in page
    assert 'data-left="570"' in page


def test_changes_of_the_lecturer_count_when_it_goes_on(tmp_path: Path) -> None:
    with a_class(plan_of(tmp_path)) as room:
        room.student()
    more = (*with_extra_time(2.0), Student(student_id="new"))
    with a_class(plan_of(tmp_path, students=more, limit_s=720.0)) as room:
        assert room.prepared.students == 9
        room.clock.at += 1439
        (attempt,) = read_attempts(room.prepared.site.state, now=room.clock.at)

    assert (attempt.submitted_at, attempt.accommodation) == ("", 2.0)


def edited(folder: Path) -> Quiz:
    text = (Path(__file__).parent / "sample" / "sample.quiz.md").read_text()
    path = folder / "sample.quiz.md"
    path.write_text(text.replace("dropout still zeroes", "dropout zeroes"))
    return read_quiz(path)


def other(folder: Path) -> Quiz:
    return read_quiz(write_quiz(folder, "## a: A\n\nWhat?\n\n= 1\n"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda f: {"quiz": other(f)}, "is the state of 'sample', not of 'test'"),
        (lambda f: {"secret": b"\1" * 32}, "was begun with another secret"),
        (lambda f: {"quiz": edited(f)}, "was changed since students began; restore it"),
    ],
)
def test_what_does_not_fit_the_state_is_refused(
    change: Callable[[Path], dict[str, Any]], said: str, tmp_path: Path
) -> None:
    with a_class(plan_of(tmp_path)) as room:
        room.student()
    before = read_attempts(tmp_path / "state.sqlite", now=START)

    with (
        pytest.raises(RequestError, match=said),
        prepare(plan_of(tmp_path, **change(tmp_path))),
    ):
        pass

    assert read_attempts(tmp_path / "state.sqlite", now=START) == before


def test_before_anybody_began_the_quiz_may_change(tmp_path: Path) -> None:
    with a_class(plan_of(tmp_path)):
        pass
    with a_class(plan_of(tmp_path, quiz=edited(tmp_path))) as room:
        assert "dropout zeroes" in room.student().page()


def test_two_servers_cannot_give_one_test(tmp_path: Path) -> None:
    with (
        prepare(plan_of(tmp_path)) as prepared,
        pytest.raises(RequestError, match="a server is giving this test already"),
        prepare(plan_of(tmp_path)),
    ):
        pass
    prepared.site.desk.room.writer._store.close()


def test_a_test_for_nobody_is_refused(tmp_path: Path) -> None:
    with (
        pytest.raises(RequestError, match="nobody to take the test: give --roster"),
        prepare(plan_of(tmp_path, students=())),
    ):
        pass


@pytest.mark.parametrize("place", ["stem", "explanation"])
def test_a_missing_figure_is_told_before_the_class_sits(place: str, tmp_path: Path) -> None:
    image = "![a curve](figures/none.svg)"
    stem, after = (image, "") if place == "stem" else ("?", f"\n> {image}\n")
    quiz = read_quiz(write_quiz(tmp_path, f"## a: A\n\nWhat {stem}\n\n= 1\n{after}"))

    with (
        pytest.raises(ContentError, match=r"no image 'figures/none\.svg'"),
        prepare(plan_of(tmp_path, quiz=quiz)),
    ):
        pass


@pytest.mark.parametrize(
    ("name", "size", "said"),
    [
        ("a.svg", 3 << 20, "is larger than 2 MiB"),
        ("a.csv", 3, "is not an image that browsers show"),
    ],
)
def test_a_figure_that_cannot_be_shown_is_refused(
    name: str, size: int, said: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(b"x" * size)
    quiz = read_quiz(write_quiz(tmp_path, f"## a: A\n\nWhat ![x]({name})\n\n= 1\n"))

    with pytest.raises(ContentError, match=said), prepare(plan_of(tmp_path, quiz=quiz)):
        pass


def test_figures_are_served_under_names_that_tell_nothing(tmp_path: Path) -> None:
    (tmp_path / "figures").mkdir()
    picture = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
    (tmp_path / "figures" / "overfitting.svg").write_text(picture)
    text = "## a: A\n\nWhat ![two curves](figures/overfitting.svg)\n\n= 1\n"
    with a_class(plan_of(tmp_path, quiz=read_quiz(write_quiz(tmp_path, text)))) as room:
        page = room.student().page()
        found = re.search(r'src="(/image/[0-9a-f]{32}\.svg)" alt="two curves"', page)
        assert found
        reply = room.browser().get(found[1])

    assert "overfitting" not in page
    assert reply.text == picture
    assert reply.headers["content-type"] == "image/svg+xml"
    assert "sandbox" in reply.headers["content-security-policy"]


# Keys


def secrets_of(quiz: Quiz) -> list[str]:
    """Return texts that give a key away and stand in no question."""
    found = [part for q in quiz.questions() for part in (q.explanation, q.title) if part]
    for question in quiz.questions():
        answer = question.answer
        if isinstance(answer, Choice):
            found += [o.feedback for o in answer.options] + [
                o.misconception for o in answer.options
            ]
        elif isinstance(answer, Numeric | Short):
            found += [entry.feedback for entry in answer.accepted]
        if isinstance(answer, Numeric):
            found += [f"{entry.value:g}" for entry in answer.accepted]
        if isinstance(answer, Short):
            found += [entry.text for entry in answer.accepted]
    asked = " ".join(_asked(question) for question in quiz.questions())
    plain = [text.replace("`", "").replace("$", "")[:40] for text in found if text]
    return [text for text in plain if text not in asked and len(text) > 3]


def _asked(question: Question) -> str:
    """Return all that a student may see of a question."""
    answer, texts = question.answer, [question.stem]
    if isinstance(answer, Choice):
        texts += [option.text for option in answer.options]
    elif isinstance(answer, Ordering):
        texts += [step.text for step in answer.steps]
    elif isinstance(answer, Matching):
        texts += [side.text for side in (*answer.lefts, *answer.rights)]
    return " ".join(texts)


def bodies(room: Class) -> Iterator[str]:
    """Yield all that a student can make the server say, through all phases."""
    student = room.student()
    paths = ("/", "/test", "/review", "/left", f"/s/{room.link().token}", "/none")
    statics = ("/static/quiz.js", "/static/quiz.css", "/static/desk.js")
    yield room.browser().get(f"/s/{room.link(1).token}").text
    for path in (*paths, *statics):
        yield student.browser.get(path).text
    yield student.save(conv_params="12").text
    yield student.save(conv_params=["1", "2"]).text
    yield student.send("review", student.shown()).text
    yield student.send("submit").text
    yield student.send("submit").text
    slow = room.student(2)
    room.clock.at += 1000
    yield slow.page()
    yield slow.save(conv_params="1").text
    yield room.browser().get(room.desk).text  # the lecturer's own, before closing
    yield room.browser().get(f"{room.desk}/counts").text
    close(room)
    for path in paths:
        yield student.browser.get(path).text
        yield slow.browser.get(path).text


def test_no_page_gives_a_key_away_in_any_phase(room: Class) -> None:
    hidden = secrets_of(sample_quiz())
    assert len(hidden) > 12
    assert any("zero grad" in text for text in hidden)

    for body in bodies(room):
        for text in hidden:
            assert text not in body, (text, body)
        assert "is_right" not in body
        assert "misconception" not in body


def test_ids_of_questions_are_not_in_the_page(room: Class) -> None:
    """An author may have put the key into an id."""
    page = room.student().page()
    ids = [entry.question_id for entry in sample_quiz().entries]

    assert not [name for name in ids if "-" in name and name in page]


def test_real_quizzes_are_drawn_without_their_explanations(tmp_path: Path) -> None:
    bank = Path(__file__).resolve().parents[2] / "quizzes"
    for number, path in enumerate(sorted(bank.glob("*.quiz.md"))):
        folder = tmp_path / str(number)
        folder.mkdir()
        quiz = read_quiz(path)
        with a_class(plan_of(folder, quiz=quiz, students=ROSTER[:1])) as room:
            page = room.student().page()
        assert page.count("<fieldset") == len(quiz.entries)
        assert not [q for q in quiz.questions() if q.explanation and q.explanation[:30] in page]


def test_nothing_but_pseudonyms_is_in_the_state(tmp_path: Path) -> None:
    roster = (Student(student_id="ada.lovelace@uni.example"), *ROSTER)
    with a_class(plan_of(tmp_path, students=roster)) as room:
        student = room.student()
        student.save(conv_params="1")
        token, cookie = room.link().token, next(iter(student.browser.cookies.values()))
    content = (tmp_path / "state.sqlite").read_bytes()

    for text in ("ada.", "lovelace", "uni.example", token, cookie, "testclient", "127.0.0.1"):
        assert text.encode() not in content
    db = sqlite3.connect(tmp_path / "state.sqlite")
    assert db.execute("SELECT count(*) FROM students").fetchone() == (9,)
    db.close()
