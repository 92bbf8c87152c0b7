"""GIFT: what it says comes back from gift-pegjs, and from a reader with Moodle's rules."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from js_tools import JS, talk
from nasty import quizzes, texts
from samples import sample_quiz, write_quiz

from grader.errors import ContentError
from grader.quiz.export import gift
from grader.quiz.export.moodle import question_name, right_text
from grader.quiz.export.target import Wish
from grader.quiz.export.xml import legal
from grader.quiz.markup import to_html, to_inline_html
from grader.quiz.model import Choice, Matching, Numeric, Question, Quiz, Short
from grader.quiz.source import read_quiz

BANK = sorted((Path(__file__).parents[2] / "quizzes").glob("*.quiz.md"))
Parse = Callable[[str], Any]
FUZZ = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def parse() -> Iterator[Parse]:
    """Ask gift-pegjs, in one process for all questions."""
    with talk(JS / "gift.js") as ask:
        yield lambda text: ask({"gift": text})


def written(quiz: Quiz) -> str:
    return gift.write(quiz, Wish()).decode()


def from_text(folder: Path, text: str) -> Quiz:
    return read_quiz(write_quiz(folder, text))


# --- a reader with Moodle's rules ------------------------------------------------------------

NAMES = {r"\:": ":", r"\#": "#", r"\=": "=", r"\{": "{", r"\}": "}", r"\~": "~", r"\n": "\n"}
WEIGHT = re.compile(r"%(-?\d{1,3}(?:\.\d*)?)%")


@dataclass
class Read:
    """A question as Moodle reads it; answers are weight, text and feedback."""

    kind: str
    name: str
    stem: str
    general: str = ""
    answers: list[tuple[float, str, str]] = field(default_factory=list)
    pairs: list[tuple[str, str]] = field(default_factory=list)


def read_gift(content: str) -> list[Read]:
    """Read a file: questions are cut at blank lines, comments and categories dropped."""
    found = []
    for block in re.split(r"\n\s*\n", content):
        lines = [line for line in block.split("\n") if not line.strip().startswith("//")]
        text = "\n".join(lines).strip()
        if text and not text.startswith("$CATEGORY:"):
            assert "\n" not in text
            found.append(_read(text))
    return found


def _read(text: str) -> Read:
    """Take a question apart at the control characters that are not escaped."""
    codes: list[str] = []

    def hide(match: re.Match[str]) -> str:
        codes.append("\\" if match[0] == r"\\" else NAMES[match[0]])
        return chr(0xE000 + len(codes) - 1)

    hidden = re.sub(r"\\[\\:#={}~n]", hide, text)

    def show(part: str) -> str:
        for number, character in enumerate(codes):
            part = part.replace(chr(0xE000 + number), character)
        return part.strip()

    _, name, rest = hidden.split("::", 2)
    start, end = rest.index("{"), rest.index("}")
    assert end == len(rest) - 1
    stem, answers = rest[:start], rest[start + 1 : end].strip()
    assert stem.startswith("[html]")
    answers, _, general = answers.partition("####")
    found = Read(_kind(answers), show(name), show(stem[6:]), show(general))
    for answer in _cut(found.kind, answers):
        if found.kind == "match":
            left, _, right = answer.partition("->")
            found.pairs.append((show(left.lstrip("=")), show(right)))
        else:
            found.answers.append(_answer(answer, show))
    return found


def _kind(answers: str) -> str:
    if answers.startswith("#"):
        return "numerical"
    if "~" in answers:
        return "multichoice" if "=" in answers else "multiselect"
    return "match" if "->" in answers else "shortanswer"


def _cut(kind: str, answers: str) -> list[str]:
    marks = "[~=]" if kind in ("multichoice", "multiselect") else "="
    pieces = re.split(f"(?={marks})", answers.lstrip("#") if kind == "numerical" else answers)
    return [piece.strip() for piece in pieces if piece.strip()]


def _answer(piece: str, show: Callable[[str], str]) -> tuple[float, str, str]:
    share, text = (100.0, piece[1:]) if piece[0] == "=" else (0.0, piece[1:])
    if match := WEIGHT.match(text):
        share, text = float(match[1]), text[match.end() :]
    text, _, feedback = text.partition("#")
    assert not text.startswith("[")
    return share / 100, show(text), show(feedback)


# --- round trips -----------------------------------------------------------------------------


def shown(text: str) -> str:
    return gift_html(to_html(text))


def gift_html(markup: str) -> str:
    """Return HTML as it is in GIFT: what cannot be escaped at the beginning is an entity."""
    html = legal(markup).strip()
    return f"&#{ord(html[0])};{html[1:]}" if html[:1] in ("%", "[") else html


def assert_same(quiz: Quiz, question: Question, read: Read) -> None:
    answer = question.answer
    assert read.name == legal(question_name(quiz, question)).strip()
    assert read.stem == shown(question.stem)
    assert read.general == shown(question.explanation)
    if isinstance(answer, Choice):
        assert read.kind == ("multiselect" if answer.is_multiple else "multichoice")
        assert [text for _, text, _ in read.answers] == [
            gift_html(to_inline_html(option.text)) for option in answer.options
        ]
        assert [share > 0 for share, _, _ in read.answers] == [o.is_right for o in answer.options]
    elif isinstance(answer, Numeric):
        assert read.kind == "numerical"
        assert [tuple(map(float, text.split(":"))) for _, text, _ in read.answers] == [
            (number.value, number.tolerance) for number in answer.accepted
        ]
    elif isinstance(answer, Short):
        assert read.kind == "shortanswer"
        assert [text for _, text, _ in read.answers] == [
            accepted.text.replace("*", r"\*") for accepted in answer.accepted
        ]
    elif isinstance(answer, Matching):
        rights = {right.right_id: right_text(question, right, "") for right in answer.rights}
        assert [right for left, right in read.pairs if left] == [
            rights[left.right_id] for left in answer.lefts
        ]
        assert {right for _, right in read.pairs} == set(rights.values())
    assert_feedback(question, read)


def assert_feedback(question: Question, read: Read) -> None:
    answer = question.answer
    if isinstance(answer, Matching):
        return
    lines = answer.options if isinstance(answer, Choice) else answer.accepted
    assert [feedback for _, _, feedback in read.answers] == [shown(e.feedback) for e in lines]
    if isinstance(answer, Numeric | Short):
        assert [share for share, _, _ in read.answers] == pytest.approx(
            [accepted.share for accepted in answer.accepted], abs=1e-6
        )


def carries(quiz: Quiz) -> str:
    """Return the file, or nothing where a short answer cannot be said in GIFT."""
    try:
        return written(quiz)
    except ContentError as error:
        if re.search(r"GIFT (reads|garbles) '", str(error)):
            return ""
        raise


@FUZZ
@given(quizzes(with_orderings=False, points=2))
def test_moodle_reads_what_the_author_wrote(quiz: Quiz):
    if content := carries(quiz):
        for question, read in zip(quiz.questions(), read_gift(content), strict=True):
            assert_same(quiz, question, read)


def decoded(text: str) -> str:
    """Undo what gift-pegjs leaves: a `;` behind a line break, placeholders in plain texts."""
    for code, character in {"058": ":", "035": "#", "061": "=", "123": "{", "125": "}"}.items():
        text = text.replace(f"&&{code};", character)
    return text.replace("&&126;", "~").replace("&&092;", "\\").replace("\n;", "\n").strip()


def as_read(question: Any) -> Read:
    """Return a question of gift-pegjs in the form of our reader."""
    multi = [choice for choice in question.get("choices") or [] if choice["weight"] is not None]
    kinds = {"Numerical": "numerical", "Matching": "match"}
    kind = kinds.get(question["type"], "")
    if not kind:
        is_short = all(choice["isCorrect"] for choice in question["choices"])
        kind = "shortanswer" if is_short else "multiselect" if multi else "multichoice"
    read = Read(
        kind, decoded(question["title"]), decoded(question["stem"]["text"]), _said(question)
    )
    for choice in question.get("choices") or []:
        text, weight = choice["text"], choice["weight"]
        if kind == "numerical":
            shown_text = f"{text['number']}:{text['range']}"
        else:
            shown_text = decoded(text["text"])
        share = (100.0 if choice["isCorrect"] else 0.0) if weight is None else weight
        feedback = choice["feedback"]
        read.answers.append(
            (share / 100, shown_text, decoded(feedback["text"]) if feedback else "")
        )
    for pair in question.get("matchPairs") or []:
        read.pairs.append((decoded(pair["subquestion"]["text"]), decoded(pair["subanswer"])))
    return read


def _said(question: Any) -> str:
    general = question["globalFeedback"]
    return decoded(general["text"]) if general else ""


@FUZZ
@given(quizzes(with_orderings=False, points=1))
def test_gift_pegjs_reads_what_the_author_wrote(parse: Parse, quiz: Quiz):
    if content := carries(quiz):
        answer = parse(content)
        assert "error" not in answer, (answer, content)
        questions = [entry for entry in answer["questions"] if entry["type"] != "Category"]
        for question, found in zip(quiz.questions(), questions, strict=True):
            assert found["id"] == f"q/{question.question_id}"
            assert found["tags"] == (list(question.tags) or None)
            assert_same(quiz, question, as_read(found))


@FUZZ
@given(texts)
def test_escape_round_trips(parse: Parse, text: str):
    """The escape alone, in every place a text can stand."""
    html = legal(to_html(f"a {text}")).strip()
    escaped = gift.escape_html(html)

    answer = parse(f"::{gift.escape('a')}::[html]{escaped}{{={escaped}#{escaped} ~b####{escaped}}}")

    found = as_read(answer["questions"][0])
    assert "\n" not in escaped
    assert found.stem == found.general == html
    assert found.answers[0] == (1.0, html, html)


@pytest.mark.parametrize("path", BANK, ids=lambda path: path.name.partition(".")[0])
def test_bank_is_read_or_refused_for_a_reason(parse: Parse, path: Path):
    quiz = read_quiz(path)
    try:
        content = written(quiz)
    except ContentError as error:
        if re.search("GIFT (carries no images|knows no ordering)", str(error)):
            return
        raise

    answer = parse(content)

    questions = [entry for entry in answer["questions"] if entry["type"] != "Category"]
    assert {entry["id"] for entry in questions} == {
        f"{quiz.quiz_id}/{question.variant_id}" for question in quiz.questions()
    }


# --- what would be corrupted in silence ------------------------------------------------------


@pytest.mark.parametrize(
    ("stem", "expected"),
    [
        (r"$\neq$ $\nabla$ $\nu$ $\not$", r"<p>\(\neq\) \(\nabla\) \(\nu\) \(\not\)</p>"),
        (r"$\frac{1}{2}$", r"<p>\(\frac{1}{2}\)</p>"),
        ("`x=1` and `#` `a: b`", "<p><code>x=1</code> and <code>#</code> <code>a: b</code></p>"),
        ("// no comment", "<p>// no comment</p>"),
        ("[html] is a format", "<p>[html] is a format</p>"),
    ],
)  # fmt: skip
def test_stem_comes_back(tmp_path: Path, parse: Parse, stem: str, expected: str):
    content = written(from_text(tmp_path, f"## a: A\n\n{stem}\n\n- [x] c\n- [ ] d\n"))

    (read,) = read_gift(content)
    assert read.stem == expected
    assert as_read(parse(content)["questions"][1]).stem == expected
    assert read.kind == "multichoice"  # not a short answer, a break or another right option


def test_code_keeps_its_lines_on_one_line_of_the_file(tmp_path: Path):
    code = "```python\nif a:\n    b = 1\n\n// c\n```"
    content = written(from_text(tmp_path, f"## a: A\n\n{code}\n\n- [x] c\n- [ ] d\n"))

    assert content.count("\n::") == 1
    assert len(content.splitlines()) == 4  # category, blank, comment, question
    assert "if a:\n    b = 1\n\n// c" in read_gift(content)[0].stem


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("%50% more", "&#37;50% more"),
        ("[html] tag", "&#91;html] tag"),
        ("x = 1", "x = 1"),
        ("a -> b", "a -&gt; b"),
        ("~tilde", "~tilde"),
    ],
)
def test_option_comes_back(tmp_path: Path, parse: Parse, option: str, expected: str):
    content = written(from_text(tmp_path, f"## a: A\n\nB?\n\n- [x] {option}\n- [ ] d\n"))

    assert read_gift(content)[0].answers == [(1.0, expected, ""), (0.0, "d", "")]
    assert as_read(parse(content)["questions"][1]).answers[0][1] == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("= 1792", "#=%100%1792:0"),
        ("= 0.00001 ± 0.0000001", "#=%100%0.00001:0.0000001"),  # 1e-05 is no number to gift-pegjs
        ("= 3\n= 4 (0%)\n  > Too many.", "#=%100%3:0 =%0%4:0#<p>Too many.</p>"),
        ("= -0.5 ± 0.25", "#=%100%-0.5:0.25"),
    ],
)
def test_numbers_are_decimals_with_their_weight(tmp_path: Path, line: str, expected: str):
    content = written(from_text(tmp_path, f"## a: A\n\nB?\n\n{line}\n"))

    assert content.endswith(f"{{{expected}}}\n")


def test_several_right_options_have_weights_and_none_is_the_right_one(tmp_path: Path):
    content = written(from_text(tmp_path, "## a: A\n\nB?\n\n- [x] c\n- [x] d\n- [ ] e\n"))

    assert content.endswith("{~%50%c ~%50%d ~%-50%e}\n")


def test_short_answer_that_looks_like_a_weight_or_a_truth_is_a_text(tmp_path: Path):
    content = written(from_text(tmp_path, '## a: A\n\nB?\n\n= "%50%"\n= "TRUE" (50%)\n= "a*"\n'))

    assert content.endswith(r"{=%100%%50% =%50%TRUE =%100%a\\*}" + "\n")


@pytest.mark.parametrize("text", ["[a]: b", "\u00a0"])
def test_feedback_that_shows_nothing_leaves_no_mark(tmp_path: Path, parse: Parse, text: str):
    """Its `#` would join the `####` of the explanation."""
    quiz = from_text(tmp_path, f"## a: A\n\nB?\n\n- [x] c\n- [ ] d\n  > {text}\n\n> E.\n")

    content = written(quiz)

    assert read_gift(content)[0].general == "<p>E.</p>"
    assert as_read(parse(content)["questions"][1]).general == "<p>E.</p>"


def test_variants_have_their_own_category(tmp_path: Path):
    quiz = from_text(
        tmp_path, "## a: A {variants=2}\n\n{{k}}?\n\n= k\n\n```params\nk = [1, 2]\n```\n"
    )

    places = re.findall(r"^\$CATEGORY: (.*)$", written(quiz), re.MULTILINE)
    assert places[1] == f"{places[0]}/a"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("B?\n\n1. c\n2. d\n", "GIFT knows no ordering (of 2 steps); export moodle-xml"),
        ("![x](a.png)\n\n- [x] c\n- [ ] d\n", "GIFT carries no images; export moodle-xml"),
        ("B?\n\n- [x] c\n  > ![x](a.png)\n- [ ] d\n", "GIFT carries no images"),
        ("B?\n\n- [x] c {fixed}\n- [ ] d\n", "GIFT cannot keep an option at its place"),
        ('B?\n\n= "a -> b"\n', "GIFT reads 'a -> b' as something else"),
        ('B?\n\n= "[html] b"\n', "GIFT reads '[html] b' as something else"),
        ('B?\n\n= "&&058;"\n', "GIFT garbles '&&058;'"),
        ("B?\n\n= 3\n= 4 (33%)\n", "GIFT knows no answer that earns 33 %; the nearest is"),
        ("B?\n\n- [x] c\n- [x] d\n- [ ] e\n", "GIFT adds up fractions and cannot score by 'each'"),
    ],
)
def test_refuses(tmp_path: Path, text: str, message: str):
    heading = "## a: A {scoring=each}" if "- [x] c\n- [x]" in text else "## a: A"
    quiz = from_text(tmp_path, f"{heading}\n\n{text}")

    with pytest.raises(ContentError, match=re.escape(message)) as raised:
        written(quiz)
    assert str(raised.value).startswith("a (line 6): ")


def test_points_that_differ_are_refused():
    with pytest.raises(ContentError, match=r"regularisers \(line 24\): GIFT knows no points"):
        written(sample_quiz())
