"""The paper that is printed: what is on it, what is not, and how it breaks into pages."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from browser import chromium
from lxml import html
from samples import sample_quiz, write_quiz

from grader.errors import ContentError, RequestError
from grader.quiz.export import pdf, printable
from grader.quiz.export.target import TARGETS, Wish
from grader.quiz.model import Choice, Quiz
from grader.quiz.paper import deal, strip_keys
from grader.quiz.source import read_quiz

QUIZ = sample_quiz()
BANK = Path(__file__).parents[2] / "quizzes"
needs_chromium = pytest.mark.skipif(pdf.find_browser() is None, reason="Chromium is not installed")


def page(quiz: Quiz = QUIZ, **wish: object) -> html.HtmlElement:
    """Return the page, parsed."""
    return html.document_fromstring(source(quiz, **wish))


def source(quiz: Quiz = QUIZ, **wish: object) -> str:
    return printable.write(quiz, Wish(**wish)).decode()  # type: ignore[arg-type]


def texts(element: html.HtmlElement, path: str) -> list[str]:
    return [" ".join(found.text_content().split()) for found in element.xpath(path)]


def of_markdown(tmp_path: Path, text: str) -> Quiz:
    return read_quiz(write_quiz(tmp_path, text))


# ---- what is on it


def test_a_paper_has_title_boxes_questions_and_points() -> None:
    found = page()

    assert texts(found, "//h1")[0] == QUIZ.title
    assert "8 questions, 12 points, 10 minutes" in found.text_content()
    assert texts(found, "//*[@class='label']")[:2] == ["Name", "Student number"]
    heads = texts(found, "//article[@class='question']/h2")
    assert len(heads) == 8
    dealt = deal(strip_keys(QUIZ), "copy1")
    for number, (head, question) in enumerate(zip(heads, dealt, strict=True), 1):
        assert head.startswith(f"Question {number}")
        assert head.endswith("1 point" if question.points == 1 else f"{question.points} points")


def test_the_answer_sheet_has_a_box_for_everything_that_can_be_answered() -> None:
    rows = page().xpath("//table[@class='answers']//tr")
    dealt = deal(strip_keys(QUIZ), "copy1")

    assert [row.get("data-question") for row in rows] == [q.question_id for q in dealt]
    assert [row.get("data-variant") for row in rows] == [str(q.variant) for q in dealt]
    for row, question in zip(rows, dealt, strict=True):
        boxes = len(row.xpath(".//*[contains(@class, 'box')]"))
        lines = len(row.xpath(".//*[contains(@class, 'write')]"))
        if question.kind in ("numeric", "short"):
            assert (boxes, lines) == (0, 1)
        else:
            assert (boxes, lines) == (len(question.lefts) or len(question.options), 0)
        if question.kind in ("single", "multiple"):
            ids = [box.get("data-option") for box in row.xpath(".//*[@data-option]")]
            assert ids == [option.option_id for option in question.options]


def test_formulas_are_drawn_and_have_words() -> None:
    found = page()

    assert found.xpath("//math")
    assert "\u03c3(0.5)" in texts(found, "//*[@class='visually-hidden']")


def test_a_page_needs_nothing_from_outside() -> None:
    text = source(with_key=True, copies=3)

    assert not re.search(r"<script|<link|@import|url\(|\bsrc=\"(?!data:)|\son\w+=", text)
    assert "default-src 'none'" in text


def test_images_are_in_the_page(tmp_path: Path) -> None:
    (tmp_path / "f.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    quiz = of_markdown(tmp_path, "## q: Q\n\n![a curve](f.svg)\n\n= 1\n")

    image = page(quiz).xpath("//img")[0]
    assert image.get("src").startswith("data:image/svg+xml;base64,")
    assert image.get("alt") == "a curve"


def test_a_missing_image_is_named(tmp_path: Path) -> None:
    quiz = of_markdown(tmp_path, "## q: Q\n\n![a curve](no.svg)\n\n= 1\n")

    with pytest.raises(ContentError, match=r"There is no image 'no\.svg'"):
        source(quiz)


def test_writing_twice_gives_the_same() -> None:
    assert source(copies=3, with_key=True) == source(copies=3, with_key=True)


def test_the_targets_name_these_writers() -> None:
    assert TARGETS["html"].write is printable.write
    assert TARGETS["pdf"].write is pdf.write


# ---- what is not: the key

FEEDBACK = [
    accepted.feedback
    for question in QUIZ.questions()
    for accepted in getattr(question.answer, "accepted", getattr(question.answer, "options", ()))
    if accepted.feedback
]
SECRET = [*FEEDBACK, *(question.title for question in QUIZ.questions())]


@pytest.mark.parametrize("copies", [1, 3])
def test_without_key_nothing_tells_it(copies: int) -> None:
    text = page(copies=copies).text_content()

    for secret in SECRET:
        assert secret.replace("`", "") not in text, secret
    assert len(FEEDBACK) > 3
    assert "zero grad" not in text  # accepted for half of the points
    assert "cross_entropy" not in text  # of an explanation
    assert not re.search("is_right|correct|key", source(copies=copies).split("<body>")[1])


def test_the_order_of_a_paper_tells_no_key() -> None:
    """A quiz with other right options, and the same texts, prints the same."""

    def turned(quiz: Quiz) -> Quiz:
        entries = []
        for entry in quiz.entries:
            variants = []
            for question in entry.variants:
                answer = question.answer
                if isinstance(answer, Choice):
                    options = tuple(
                        replace(option, is_right=not option.is_right) for option in answer.options
                    )
                    answer = replace(answer, options=options)
                variants.append(replace(question, answer=answer))
            entries.append(replace(entry, variants=tuple(variants)))
        return replace(quiz, entries=tuple(entries))

    assert source(turned(QUIZ), copies=2) == source(QUIZ, copies=2)


def test_the_key_is_there_when_it_is_asked_for() -> None:
    found = page(with_key=True)
    key = texts(found, "//h1[contains(., 'key')]/following-sibling::table//td")
    numbers = {q.question_id: n for n, q in enumerate(deal(strip_keys(QUIZ), "copy1"))}

    assert key[numbers["sigmoid"]] == "0.622 ± 0.001"
    assert key[numbers["clear-grads"]] == "zero_grad"
    assert re.fullmatch(r"[a-d]( [a-d]){3}", key[numbers["step-order"]])
    assert re.fullmatch(r"1[a-d] 2[a-d] 3[a-d]", key[numbers["shapes"]])
    assert "Not to be handed out." in found.text_content()
    assert "cross_entropy" in found.text_content()


# ---- several papers


def test_copies_differ_and_carry_their_number() -> None:
    found = page(copies=4)
    papers = found.xpath("//main")

    assert [paper.get("id") for paper in papers] == ["copy1", "copy2", "copy3", "copy4"]
    assert len({tuple(texts(paper, ".//article")) for paper in papers}) == 4
    for number, paper in enumerate(papers, 1):
        assert [head.endswith(f"paper {number}") for head in texts(paper, ".//h1")] == [True, True]
        assert f'@page copy{number} {{ @top-right {{ content: "Paper {number}"' in source(copies=4)


def test_the_mapping_leads_back_to_the_file() -> None:
    found = page(copies=3, with_key=True)
    table = found.xpath("//table[@class='mapping']")[0]
    heads = texts(table, ".//thead//th")[1:]
    assert heads == [entry.question_id for entry in QUIZ.entries]
    for number, row in enumerate(table.xpath("./tr|./tbody/tr"), 1):
        dealt = deal(strip_keys(QUIZ), f"copy{number}")
        for name, cell in zip(heads, texts(row, ".//td"), strict=True):
            place, _, letters = cell.partition(": ")
            question = dealt[int(place.split()[0]) - 1]
            assert question.question_id == name
            assert (f"v{question.variant}" in place) == bool(question.variant)
            keyed = QUIZ.find(name, question.variant)
            assert keyed is not None
            if isinstance(keyed.answer, Choice):
                there = [question.options["abcdefgh".index(c)].text for c in letters]
                assert there == [option.text for option in keyed.answer.options]


def test_papers_hold_neither_key_nor_mapping() -> None:
    """The mapping has the steps of an ordering in the right order."""
    papers = page(copies=3)

    assert not papers.xpath("//table[@class='mapping']")
    assert "Not to be handed out" not in papers.text_content()
    assert page(copies=3, with_key=True).xpath("//main") == []


def test_one_paper_needs_no_mapping_and_no_number() -> None:
    text = source()

    assert "which paper asks what" not in source(with_key=True)
    assert "paper 1" not in text


# ---- hostile texts

HOSTILE = [
    "<script>alert(1)</script>",
    "</style><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "]]> & <b>",
    "{{ 7*7 }}",
    "{% raw %}",
    "😀 é \u202e",
    "=1+1",
    "'; } body { display: none }",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_texts_are_shown_and_do_nothing(text: str) -> None:
    first = QUIZ.entries[0].first
    hostile = replace(first, stem=text, title=text, explanation=text)
    quiz = replace(
        QUIZ,
        title=text,
        introduction=text,
        entries=(replace(QUIZ.entries[0], variants=(hostile,)), *QUIZ.entries[1:]),
    )
    for with_key in (False, True):
        found = page(quiz, with_key=with_key, copies=2)

        assert not found.xpath("//script|//*[@onerror]|//img|//body//style|//b")
        assert len(found.xpath("//style")) == 1
        assert text in found.xpath("//title")[0].text
        assert found.xpath("//h1")[0].text_content().startswith(text)


@pytest.mark.parametrize(
    "formula", [r"$\text{<script>alert(1)</script>}$", r"$\href{javascript:alert(1)}{x}$"]
)
def test_no_script_of_a_formula_gets_in(formula: str) -> None:
    first = replace(QUIZ.entries[0].first, stem=formula)
    quiz = replace(QUIZ, entries=(replace(QUIZ.entries[0], variants=(first,)),))
    try:
        found = page(quiz)
    except ContentError:
        return

    assert not found.xpath("//script|//*[starts-with(@href, 'java')]")


@pytest.mark.parametrize("path", sorted(BANK.glob("*.quiz.md")), ids=lambda path: path.name)
def test_every_quiz_of_the_bank_is_written(path: Path) -> None:
    quiz = read_quiz(path)

    assert len(page(quiz).xpath("//article[@class='question']")) == len(quiz.entries)
    assert page(quiz, with_key=True).xpath("//h2")


# ---- on paper


@needs_chromium
def test_a_pdf_has_a_paper_on_pages_and_a_sheet_of_its_own() -> None:
    data = pdf.write(QUIZ, Wish(copies=2))

    assert data.startswith(b"%PDF-")
    pages = len(re.findall(rb"/Type\s*/Page\b", data))
    assert pages >= 4  # two papers with a sheet each
    assert b"/StructTreeRoot" in data  # tagged: it can be read aloud
    assert b"/Lang (en)" in data


@pytest.fixture
def browser() -> Callable[[str], list[tuple[float, float, str, float]]]:
    """Lay a page out as on A4; return width, height, break and overhang of each question."""

    def measure(text: str) -> list[tuple[float, float, str, float]]:
        with chromium() as opened:
            view = opened.new_page(viewport={"width": 673, "height": 991})  # A4 less margins
            view.set_content(text)
            boxes = view.evaluate(
                "[...document.querySelectorAll('.question')].map(e => {"
                " const b = e.getBoundingClientRect(); return [b.width, b.height,"
                " getComputedStyle(e).breakInside, e.scrollWidth - e.clientWidth] })"
            )
        return [tuple(box) for box in boxes]  # type: ignore[misc]

    return measure


def test_every_question_of_the_bank_fits_a_page_and_is_kept_whole(
    browser: Callable[[str], list[tuple[float, float, str, float]]],
) -> None:
    for path in sorted(BANK.glob("*-pre.quiz.md")):
        for _, height, inside, overhang in browser(source(read_quiz(path))):
            assert height < 991
            assert inside == "avoid"
            assert overhang <= 0


def test_without_chromium_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")

    with pytest.raises(RequestError, match=r"A PDF needs Chromium.*--to html"):
        pdf.write(QUIZ, Wish())


def test_a_chromium_that_fails_is_quoted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\necho 'no display' >&2\nexit 7\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    with pytest.raises(RequestError, match="cannot print: no display"):
        pdf.print_page(b"<p>x")


def test_a_chromium_that_writes_nothing_is_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fake = tmp_path / "chromium"
    fake.write_text("#!/bin/sh\nexit 0\n")
    fake.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin:/usr/bin")

    with pytest.raises(RequestError, match="printed nothing"):
        pdf.print_page(b"<p>x")
