"""The page: whole, harmless whatever is typed, readable by all, and narrow enough for a phone."""

import re
from dataclasses import replace
from html import escape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from browser import chromium
from js_tools import node_modules
from samples import SAMPLE, sample_course
from simulated import Class, answer

from grader.course import Course
from grader.quiz.analysis.page import as_html
from grader.quiz.analysis.session import Analysis, Wish, analyse
from grader.quiz.archive import plan_storing
from grader.quiz.source import read_quiz

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "![x](http://127.0.0.1/p.png)",
    "]]>&lt;",
    "{{ 7*7 }}",
    "=1+1",
)
EMPTY = {"meta", "br", "link", "img", "wbr", "line", "rect", "circle", "input"}


def analysed(folder: Path, attempts=None, *, count: int = 40) -> Analysis:
    """Analyse the sample quiz, answered by a simulated class or as given."""
    course = Course(root=sample_course(folder), title="A <b>course</b>", seed=1)
    quiz = read_quiz(course.quizzes / SAMPLE.name)
    rows = answer(quiz, Class(count=count)) if attempts is None else attempts(quiz)
    plan_storing(folder / "results", course.title, quiz, rows, None).write()
    return analyse(course, quiz.quiz_id, Wish(out=folder / "results"))


class Outline(HTMLParser):
    """Notes tags, ids, links and headings, and that what is opened is closed."""

    def __init__(self) -> None:
        """Begin."""
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag, attrs):
        known = dict(attrs)
        self.tags.append(tag)
        self.attributes += attrs
        self.ids += [known["id"]] if "id" in known else []
        self.links += [known["href"]] if "href" in known else []
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def outline(text: str) -> Outline:
    parser = Outline()
    parser.feed(text)
    parser.close()
    return parser


def test_page_is_well_formed_and_loads_nothing(tmp_path):
    found = outline(as_html(analysed(tmp_path)))

    assert found.open == []
    assert len(found.ids) == len(set(found.ids))
    assert all(link.startswith("#") and link[1:] in found.ids for link in found.links)
    assert not {"script", "iframe", "object", "link"} & set(found.tags)
    assert not [name for name, _ in found.attributes if name.startswith("on")]
    sources = [value for name, value in found.attributes if name in ("src", "srcset", "data")]
    assert all(str(value).startswith("data:") for value in sources)


def test_page_names_no_student(tmp_path):
    text = as_html(analysed(tmp_path))

    assert not re.search(r"\bs0\d\d\b", text)


@pytest.mark.parametrize("value", HOSTILE)
def test_course_and_answers_are_escaped(tmp_path, value):
    def hostile(quiz):
        return [
            replace(row, responses=tuple(replace(entry, value=value) for entry in row.responses))
            for row in answer(quiz, Class(count=30))
        ]

    text = as_html(analysed(tmp_path, hostile))

    assert "A &lt;b&gt;course&lt;/b&gt;" in text
    assert f"<code>{escape(value.casefold())}</code>" in text  # thirty typed it: shown as text
    assert not {"script", "img"} & set(outline(text).tags)


@pytest.mark.parametrize("count", [5, 19, 20])
def test_small_classes_have_a_page_too(tmp_path, count):
    text = as_html(analysed(tmp_path, count=count))

    assert ("Students by score" in text) is (count == 20)
    assert ("item-rest r<div" in text) is (count == 20)
    assert "nan" not in text.lower()


def test_same_input_gives_the_same_page(tmp_path):
    found = analysed(tmp_path)

    assert as_html(found) == as_html(found)


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """The sample's page in a real browser."""
    folder = tmp_path_factory.mktemp("page")
    file = folder / "page.html"
    file.write_text(as_html(analysed(folder)), encoding="utf-8")
    with chromium() as browser:
        opened = browser.new_page(bypass_csp=True)  # for axe only: the page itself has no script
        opened.goto(file.as_uri())
        yield opened


@pytest.mark.parametrize("width", [320, 400, 1200])
def test_page_is_never_wider_than_the_screen(page, width):
    page.set_viewport_size({"width": width, "height": 900})

    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.parametrize("width", [400, 1200])
def test_axe_finds_nothing(page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.add_script_tag(path=str(node_modules() / "axe-core" / "axe.min.js"))
    found = page.evaluate("axe.run()")

    problems = [
        f"{entry['id']}: {entry['nodes'][0]['html'][:120]}" for entry in found["violations"]
    ]
    assert problems == []
