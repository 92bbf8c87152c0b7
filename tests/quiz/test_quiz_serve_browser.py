"""The real page in Chromium: what students see, type and hear, and what happens when time is up."""

import json
import re
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from browser import chromium
from js_tools import node_modules
from samples import write_quiz
from serve_room import ROSTER, Class, a_class, plan_of

from grader.quiz.source import read_quiz

SECOND = 1000  # milliseconds
MATH = """## a: Labels that are formulas only

What is $\\partial L/\\partial z$, with `x[i] ** 2`?

- [x] $p - y$
- [ ] $\\frac{1}{N}\\sum_{i=1}^{N} (p_i - y_i)^2$
- [ ] $$\\begin{pmatrix}1 & 2\\\\3 & 4\\end{pmatrix}$$

## b: Formulas on both sides

Match.

| function      | derivative       |
|---------------|------------------|
| $x^2$         | $2x$             |
| $e^x$         | $e^x$            |
|               | $\\frac{1}{x}$   |

## c: Formulas to order

Order by growth.

1. $\\log n$
2. $n$
3. $n^2$

## d: Code that is wide

```python
loss = torch.nn.functional.cross_entropy(model(inputs.to(device)), targets.to(device), weight=w)
```

| layer | parameters | output shape | activation | kernel | padding |
|-------|------------|--------------|------------|--------|---------|
| conv1 | 1792       | (64, 32, 32) | ReLU       | (3, 3) | same    |

How many?

= 7
"""


@pytest.fixture(scope="module", name="chromium")
def open_chromium() -> Iterator[Any]:
    with chromium() as browser:
        yield browser


@contextmanager
def on_network(app: Any) -> Iterator[str]:
    """Serve an application on a port of this machine; yield its address."""
    import uvicorn

    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(app, lifespan="off", ws="none", log_config=None)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            server.force_exit = True
            thread.join(60)


class School:
    """A class on the network, and browsers for its students."""

    def __init__(self, room: Class, address: str, chromium: Any) -> None:
        """Keep what browsers need."""
        self.room, self.address, self.chromium = room, address, chromium
        self.troubles: list[str] = []
        self.contexts: list[Any] = []

    def page(self, **options: Any) -> Any:
        """Return a page of a browser of its own."""
        context = self.chromium.new_context(base_url=self.address, **options)
        context.set_default_timeout(15_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("console", self.listen)
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        return page

    def listen(self, message: Any) -> None:
        """Note errors, such as what the content policy forbids; a status is none."""
        is_status = "the server responded with a status of" in message.text
        if message.type == "error" and not is_status and "ERR_FAILED" not in message.text:
            self.troubles.append(message.text)

    def begun(self, number: int = 0, **options: Any) -> Any:
        """Return the page of a student who has begun."""
        page = self.page(**options)
        if options.get("java_script_enabled", True):
            page.clock.install()
        page.goto(f"/s/{self.room.link(number).token}")
        page.get_by_role("button", name="Begin the test").click()
        page.wait_for_url("**/test")
        return page

    def box(self, page: Any, question_id: str, number: int = 0) -> Any:
        """Return the fieldset of a question."""
        ids = [question.question_id for question in self.room.paper(number)]
        return page.locator(f"#question{ids.index(question_id) + 1}")

    def forward(self, page: Any, seconds: float) -> None:
        """Move the time of the server and of the page, in steps: the page asks the server."""
        for _ in range(int(seconds)):
            self.room.clock.at += 1
            page.clock.run_for(SECOND)


@pytest.fixture
def school(chromium: Any, tmp_path: Path) -> Iterator[School]:
    with a_class(plan_of(tmp_path)) as room, on_network(room.app) as address:
        school = School(room, address, chromium)
        yield school
        for context in school.contexts:
            context.close()
        assert school.troubles == []


def saved(page: Any, box: Any) -> None:
    """Let the script's pause pass, and wait until it says that the answer is saved."""
    page.clock.run_for(SECOND)
    box.locator(".saved", has_text="Saved.").wait_for()


def answer_all(school: School, page: Any) -> None:
    """Answer a question of each kind."""
    box = school.box(page, "softmax-grad")
    box.get_by_role("radio").nth(1).check()
    saved(page, box)
    box = school.box(page, "regularisers")
    box.get_by_role("checkbox").nth(0).check()
    box.get_by_role("checkbox").nth(3).check()
    saved(page, box)
    box = school.box(page, "conv-params")
    box.get_by_role("textbox").fill("1,792")
    saved(page, box)
    box = school.box(page, "clear-grads")
    box.get_by_role("textbox").fill('<b>"zero" & grad</b>')
    saved(page, box)
    for name in ("shapes", "step-order"):
        box = school.box(page, name)
        for place in range(box.get_by_role("combobox").count()):
            box.get_by_role("combobox").nth(place).select_option(index=1 + place % 2)
        saved(page, box)


def filled(page: Any) -> Any:
    """Return all names and values of the form as the browser holds them."""
    return page.evaluate(
        """() => [...new FormData(document.getElementById('test')).entries()]
               .filter(([name]) => name.startsWith('q'))"""
    )


def test_saved_answers_come_back_after_a_reload_in_the_same_order(school: School) -> None:
    page = school.begun()
    answer_all(school, page)
    before, text = filled(page), page.locator("#test").inner_text()

    page.reload()

    assert len(before) == 1 + 2 + 2 + 1 + 3 + 4  # two numbers, one of them blank
    assert filled(page) == before
    questions = re.compile(r"Question \d+ of 8\n.*\n\n(.*)")
    assert questions.findall(page.locator("#test").inner_text()) == questions.findall(text)
    assert school.box(page, "conv-params").locator(".read").inner_text() == "Read as 1792."


def test_order_differs_between_students(school: School) -> None:
    texts = {school.begun(number).locator("#test").inner_text() for number in range(3)}

    assert len(texts) == 3


def test_a_number_is_shown_as_it_was_read(school: School) -> None:
    page = school.begun()
    box = school.box(page, "conv-params")
    for typed, read in (("1 792", "Read as 1792."), ("many", "This is not read as a number.")):
        box.get_by_role("textbox").fill(typed)
        saved(page, box)
        box.locator(".read", has_text=read).wait_for()


def test_a_choice_can_be_taken_back(school: School) -> None:
    page = school.begun()
    box = school.box(page, "softmax-grad")
    assert not box.get_by_role("button", name="Clear my choice").is_visible()
    box.get_by_role("radio").nth(1).check()
    saved(page, box)

    box.get_by_role("button", name="Clear my choice").click()
    saved(page, box)
    page.reload()

    assert school.box(page, "softmax-grad").locator(":checked").count() == 0


def test_keys_are_not_in_the_page(school: School) -> None:
    content = school.begun().content()

    for text in (
        "Right: the softmax",
        "cancels",
        "Sign error",
        "You forgot",
        "is_right",
        "zero grad",
    ):
        assert text not in content


def test_late_is_told_and_earlier_answers_stay(school: School) -> None:
    page = school.begun()
    box = school.box(page, "conv-params")
    box.get_by_role("textbox").fill("1792")
    saved(page, box)
    school.room.clock.at += 700  # the server's time only: a page whose clock stands still

    with page.expect_response("**/save") as reply:
        box.get_by_role("textbox").fill("1")
        page.clock.run_for(SECOND)

    assert reply.value.status == 403
    page.get_by_text("Time is up. What you changed last was not saved.").first.wait_for()
    page.goto("/test")
    assert page.get_by_role("heading", name="Time is up").is_visible()
    assert page.get_by_text("1 of 8 questions have an answer").is_visible()


def test_second_submit_in_a_second_window_is_409(school: School) -> None:
    page = school.begun()
    other = page.context.new_page()
    other.goto("/review")
    page.get_by_role("button", name="Check and submit").click()
    page.get_by_role("button", name="Submit now").click()
    page.get_by_role("heading", name="Your test is submitted").wait_for()

    with other.expect_response("**/test") as reply:
        other.get_by_role("button", name="Submit now").click()

    assert reply.value.status == 409
    other.get_by_text("a test is submitted once").wait_for()


def test_second_browser_sees_a_clear_page(school: School) -> None:
    school.begun()
    page = school.page()
    reply = page.goto(f"/s/{school.room.link().token}")

    code = school.room.link().code
    assert reply.status == 403
    assert page.get_by_role("heading", name="Your test is open elsewhere").is_visible()
    assert page.get_by_text(f"{code[:4]} {code[4:]}").is_visible()


def test_time_is_told_politely_and_the_page_submits_itself(school: School) -> None:
    page = school.begun()
    timer, spoken = page.get_by_role("timer"), page.locator("#spoken")
    school.box(page, "clear-grads").get_by_role("textbox").fill("zero_grad")
    page.clock.run_for(SECOND)
    assert timer.get_attribute("aria-live") == "off"
    assert spoken.get_attribute("role") == "status"

    school.forward(page, 240)
    assert spoken.inner_text() == ""
    school.forward(page, 62)
    assert spoken.inner_text() == "5 minutes left."
    school.forward(page, 240)
    assert spoken.inner_text() == "1 minute left."
    assert re.fullmatch(r"0:5\d", timer.inner_text())
    school.forward(page, 65)

    page.get_by_role("heading", name="Your test is submitted").wait_for()
    page.get_by_text("1 of 8 questions have an answer").wait_for()


def test_more_time_from_the_lecturer_reaches_a_page_at_its_end(school: School) -> None:
    page = school.begun()
    school.room.browser().post(school.room.desk, data={"do": "extend", "minutes": "5"})
    school.room.clock.at += 600

    with page.expect_response("**/left"):
        page.clock.fast_forward(601 * SECOND)

    page.get_by_role("timer").filter(has_text=re.compile(r"^[45]:")).wait_for()
    assert page.url.endswith("/test")


def test_without_the_server_nothing_is_lost_and_the_student_is_told(school: School) -> None:
    page = school.begun()
    page.route("**/save", lambda route: route.abort())
    box = school.box(page, "conv-params")
    with page.expect_event("requestfailed"):
        box.get_by_role("textbox").fill("1792")
        page.clock.run_for(SECOND)
    page.get_by_text("Not saved yet: the server cannot be reached.").wait_for()

    page.unroute("**/save")
    with page.expect_response("**/save") as reply:
        page.clock.run_for(5 * SECOND)

    assert reply.value.status == 200
    box.locator(".saved", has_text="Saved.").wait_for()
    page.locator("#state").wait_for(state="hidden")
    assert page.locator("#spoken").inner_text() == "All answers are saved again."


def test_keyboard_alone_does_it_all(school: School) -> None:
    """Tab, space, arrows and Enter, from the link to the submission; focus can always be seen."""
    page = school.page()
    page.goto(f"/s/{school.room.link().token}")
    press_until(page, "Begin the test", "Enter")
    page.wait_for_url("**/test")
    visited: dict[str, int] = {}
    page.keyboard.press("Tab")
    for _ in range(120):
        page.keyboard.press("Tab")
        name, kind, outline = focused(page)
        assert outline != "none", (name, kind)
        if name.startswith("q") and kind in ("radio", "checkbox"):
            page.keyboard.press("Space")
        elif name.startswith("q") and kind == "text":
            page.keyboard.type("7")
        elif name.startswith("q"):
            page.keyboard.press("ArrowDown")
        visited[name] = visited.get(name, 0) + 1
        if page.evaluate("document.activeElement.value") == "review":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/review")
    page.get_by_text("8 of 8 questions have an answer").wait_for()
    press_until(page, "Submit now", "Enter")
    page.get_by_role("heading", name="Your test is submitted").wait_for()


def focused(page: Any) -> tuple[str, str, str]:
    name, kind, outline = page.evaluate(
        """() => {
            const now = document.activeElement;
            return [now.name || '', now.type || now.tagName, getComputedStyle(now).outlineStyle];
        }"""
    )
    return name, kind, outline


def press_until(page: Any, text: str, key: str) -> None:
    """Tab to the control with this text, and press a key."""
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.textContent").strip() == text:
            page.keyboard.press(key)
            return
    pytest.fail(f"Tab does not reach '{text}'")


def test_enter_in_a_text_field_saves_and_does_not_submit(school: School) -> None:
    page = school.begun(java_script_enabled=False)
    box = school.box(page, "conv-params").get_by_role("textbox")
    box.fill("1792")
    box.press("Enter")

    page.wait_for_load_state()
    assert page.get_by_text("Read as 1792.").is_visible()
    assert page.get_by_role("button", name="Check and submit").is_visible()


def test_without_a_script_it_works_from_begin_to_end(school: School) -> None:
    page = school.begun(java_script_enabled=False)
    school.box(page, "softmax-grad").get_by_role("radio").nth(2).check()
    school.box(page, "shapes").get_by_role("combobox").nth(0).select_option(index=2)
    page.get_by_role("button", name="Save my answers").click()
    page.wait_for_load_state()
    page.get_by_role("button", name="Check and submit").click()

    page.get_by_text("2 of 8 questions have an answer").wait_for()
    assert page.get_by_role("link", name=re.compile(r"Question \d")).count() == 6
    page.get_by_role("button", name="Submit now").click()
    page.get_by_role("heading", name="Your test is submitted").wait_for()


def test_lecturers_counts_are_fresh(school: School) -> None:
    desk = school.page()
    desk.clock.install()
    desk.goto(school.room.desk)
    page = school.begun()
    box = school.box(page, "conv-params")
    box.get_by_role("textbox").fill("1792")
    saved(page, box)

    with desk.expect_response("**/counts"):
        desk.clock.run_for(4 * SECOND)

    desk.locator("[data-count=running]", has_text="1").wait_for()
    desk.locator('[data-question="conv-params"]', has_text="1").wait_for()


# Accessibility


def violations(page: Any) -> list[str]:
    """Return what axe finds, of all its rules but those it calls experimental."""
    page.evaluate((node_modules() / "axe-core" / "axe.min.js").read_text())
    options = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{entry['id']} ({entry['impact']}): {json.dumps([n['html'] for n in entry['nodes']][:3])}"
        for entry in found["violations"]
    ]


def overflow(page: Any) -> int:
    """Return by how many pixels the page is wider than the window."""
    found: int = page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return found


SIZES = [
    pytest.param({"viewport": {"width": 1280, "height": 800}}, id="wide"),
    pytest.param({"viewport": {"width": 400, "height": 800}, "has_touch": True}, id="400px"),
    pytest.param({"viewport": {"width": 640, "height": 400}, "device_scale_factor": 2}, id="200%"),
    pytest.param({"viewport": {"width": 320, "height": 640}, "color_scheme": "dark"}, id="dark"),
]


@pytest.mark.parametrize("options", SIZES)
@pytest.mark.parametrize("text", ["", MATH], ids=["sample", "math"])
def test_axe_finds_nothing_and_nothing_is_cut_off(
    text: str, options: dict[str, Any], chromium: Any, tmp_path: Path
) -> None:
    """Each page a student or the lecturer sees, in each size and both colour schemes."""
    quiz = read_quiz(write_quiz(tmp_path, text)) if text else None
    plan = plan_of(tmp_path, quiz=quiz, students=ROSTER[:6])
    with a_class(plan) as room, on_network(room.app) as address:
        school = School(room, address, chromium)
        page = school.page(**options)
        seen: dict[str, tuple[list[str], int]] = {}

        def look(name: str, path: str = "") -> None:
            if path:
                page.goto(path)
            seen[name] = (violations(page), overflow(page))

        look("first", f"/s/{room.link().token}")
        page.get_by_role("button", name="Begin the test").click()
        page.wait_for_url("**/test")
        for box in page.get_by_role("radio").all()[:1] + page.get_by_role("checkbox").all()[:1]:
            box.check()
        look("test")
        look("review", "/review")
        look("desk", room.desk)
        page.goto("/review")
        page.get_by_role("button", name="Submit now").click()
        page.get_by_role("heading", name="Your test is submitted").wait_for()
        look("submitted")
        for number in range(1, 6):
            room.student(number).send("submit")
        room.browser().post(room.desk, data={"do": "close", "sure": "yes"})
        look("closed desk", room.desk)
        look("no seat", f"/s/{'A' * 22}")
        look("second browser", f"/s/{room.link(1).token}")
        for context in school.contexts:
            context.close()

    assert {name: found for name, found in seen.items() if found != ([], 0)} == {}
    assert school.troubles == []


def test_labels_that_are_formulas_have_a_name(chromium: Any, tmp_path: Path) -> None:
    """Labels of MathML alone have no name, says axe: each has its formula in words beside it."""
    plan = plan_of(tmp_path, quiz=read_quiz(write_quiz(tmp_path, MATH)), students=ROSTER[:1])
    with a_class(plan) as room, on_network(room.app) as address:
        school = School(room, address, chromium)
        page = school.begun()

        assert page.get_by_role("radio", name="p \u2212 y").count() == 1
        assert page.get_by_role("combobox", name="x²").count() == 1
        words = page.locator("select").first.inner_text()
        assert "$" not in words
        for context in school.contexts:
            context.close()
