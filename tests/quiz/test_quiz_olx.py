"""OLX: `edx-cleaner` finds nothing, and edX's own rules give what ours give."""

import ast
import html
import io
import random
import re
import subprocess
import sys
import tarfile
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from lxml import etree
from nasty import quizzes
from samples import sample_quiz, write_quiz

from grader.errors import ContentError
from grader.quiz.export import olx
from grader.quiz.export.target import Wish
from grader.quiz.model import Choice, Entry, Option, Question, Quiz, Rule
from grader.quiz.scoring import mark, multiple_fraction
from grader.quiz.source import read_quiz

CLEANER = Path(sys.executable).with_name("edx-cleaner")
BANK = sorted((Path(__file__).parents[2] / "quizzes").glob("*.quiz.md"))


def from_text(folder: Path, text: str) -> Quiz:
    return read_quiz(write_quiz(folder, text))


def easy(quiz: Quiz) -> Quiz:
    """Return a quiz without what edX cannot carry: no ordering, rules that it has."""
    entries = []
    for entry in quiz.entries:
        if entry.first.kind == "ordering":
            continue
        variants = [
            replace(q, answer=replace(q.answer, rule=Rule.EACH)) if q.kind == "multiple" else q
            for q in entry.variants
        ]
        entries.append(Entry(variants=tuple(variants)))
    return replace(quiz, entries=tuple(entries))


def unpacked(folder: Path, quiz: Quiz, wish: Wish | None = None) -> Path:
    """Export and unpack; return the course's folder."""
    content = olx.write(quiz, wish or Wish(whole_points=True))
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
        archive.extractall(folder, filter="data")
    return folder / "course"


def clean(course: Path) -> tuple[int, str]:
    """Run edx-cleaner; warnings fail too."""
    if not CLEANER.is_file():
        pytest.skip("olxcleaner is not installed")
    done = subprocess.run([CLEANER, "-f", "2"], cwd=course, capture_output=True, text=True)
    return done.returncode, done.stdout


def problem(course: Path, name: str) -> etree._Element:
    return etree.parse(course / "problem" / f"{name}.xml").getroot()


# --- the course ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, without its ordering, and with an introduction."""
    quiz = replace(easy(sample_quiz()), introduction="Bring a *pen* and $x$.")
    return unpacked(tmp_path_factory.mktemp("olx"), quiz)


def test_edx_cleaner_finds_nothing(course: Path):
    code, output = clean(course)

    assert code == 0, output
    assert "No errors" in output or "ERROR" not in output


@pytest.mark.parametrize(
    ("path", "old", "new", "error"),
    [
        ("problem/sigmoid.xml", "</problem>", "", "InvalidXML"),
        ("course/dlab.xml", 'end="2099-12-31T00:00:00Z"', "", "'end'"),
        ("policies/dlab/grading_policy.json", "GRADER", "GRADES", "'GRADER' entry not found"),
        ("problem/sigmoid.xml", "past_due", "sometimes", "showanswer"),
        ("vertical/quiz-sample-1.xml", "softmax-grad", "gone", "gone"),
        ("course/dlab.xml", "course_image.png", "no.png", "no.png"),
    ],
)
def test_edx_cleaner_would_tell(tmp_path: Path, path: str, old: str, new: str, error: str):
    broken = unpacked(tmp_path, easy(sample_quiz()))
    text = (broken / path).read_text()
    assert old in text
    (broken / path).write_text(text.replace(old, new, 1))

    code, output = clean(broken)

    assert code == 1
    assert error in output


def test_archive_is_the_same_every_time():
    quiz = easy(sample_quiz())

    assert olx.write(quiz, Wish(whole_points=True)) == olx.write(quiz, Wish(whole_points=True))


def test_test_has_its_time_points_and_one_attempt(course: Path):
    sequential = etree.parse(course / "sequential" / "quiz-sample-test.xml").getroot()
    shapes = problem(course, "shapes")

    assert sequential.get("default_time_limit_minutes") == "10"
    assert sequential.get("graded") == "true"
    assert shapes.get("weight") == "3.0"
    assert shapes.get("max_attempts") == "1"


def test_nothing_tells_the_key_before_the_due_date(course: Path):
    """Titles are not shown, feedback stands in the solution, and lists are not in our order."""
    for path in (course / "problem").iterdir():
        root = etree.parse(path).getroot()
        assert root.get("showanswer") == root.get("show_correctness") == "past_due"
        assert root.get("display_name").startswith("Question ")
        assert not root.xpath("//choicehint | //correcthint | //stringequalhint")
    assert "Gradient of softmax" not in "".join(path.read_text() for path in course.rglob("*.xml"))
    order = [choice.text for choice in problem(course, "regularisers").iter("choice")]
    assert order[0] != "weight decay"


def test_introduction_stands_before_the_first_question(course: Path):
    page = etree.parse(course / "vertical" / "quiz-sample-1.xml").getroot()

    assert [child.tag for child in page] == ["html", "problem"]
    assert "<em>pen</em>" in (course / "html" / "introduction.xml").read_text()


def test_images_lie_beside(tmp_path: Path):
    (tmp_path / "a.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    quiz = from_text(tmp_path, "## a: A\n\n![dots](a.svg)\n\nB?\n\n- [x] c\n- [ ] d\n")

    course = unpacked(tmp_path / "out", quiz)

    source = problem(course, "a").find(".//img").get("src")
    assert source.startswith("/static/")
    assert (course / source[1:]).read_bytes() == (tmp_path / "a.svg").read_bytes()
    assert clean(course)[0] == 0


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(quizzes(with_orderings=False))
def test_any_text_is_carried_or_refused(quiz: Quiz):
    try:
        content = olx.write(easy(quiz), Wish(whole_points=True))
    except ContentError as error:
        for line in str(error).splitlines():
            assert re.search(
                r"for '\$name'|at an apostrophe|only exact numbers|tolerances overlap|_or_", line
            ), line
        return
    with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as archive:
        for member in archive.getmembers():
            if member.name.endswith(".xml"):
                root = etree.fromstring(archive.extractfile(member).read())
                assert not root.xpath("//b | //script")


# --- scores ----------------------------------------------------------------------------------


def edx_checkboxes(response: etree._Element, ticked: set[int]) -> float:
    """Score checkboxes as edX does: a blank earns nothing, EDC rounds to hundredths."""
    right = {n for n, c in enumerate(response.iter("choice")) if c.get("correct") == "true"}
    count = len(list(response.iter("choice")))
    if not ticked:
        return 0.0
    if response.get("partial_credit") is None:
        return float(ticked == right)
    assert response.get("partial_credit") == "EDC"
    return round((count - len(ticked ^ right)) / count, 2)


def choice(right: int, wrong: int, rule: Rule) -> Quiz:
    options = tuple(
        Option(option_id=f"o{n}", text=f"t{n}", is_right=n < right) for n in range(right + wrong)
    )
    answer = Choice(options=options, is_multiple=True, rule=rule)
    question = Question(question_id="a", title="A", stem="B?", answer=answer)
    return Quiz(quiz_id="q", title="Q", entries=(Entry(variants=(question,)),))


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize(("right", "wrong"), [(1, 3), (2, 2), (3, 0), (4, 1), (1, 1)])
def test_rule_is_carried_or_refused(tmp_path: Path, rule: Rule, right: int, wrong: int):
    quiz = choice(right, wrong, rule)
    same = {  # what is one of edX's two rules, by another name
        (Rule.NET, 1, 3), (Rule.NET, 1, 1), (Rule.NET, 3, 0), (Rule.BALANCED, 3, 0),
        (Rule.BALANCED, 1, 1), (Rule.COVERAGE, 3, 0),
    }  # fmt: skip
    if rule not in (Rule.ALL, Rule.EACH) and (rule, right, wrong) not in same:
        with pytest.raises(ContentError, match=rf"Open edX cannot score by '{rule.value}'; write "):
            unpacked(tmp_path, quiz)
        return
    response = problem(unpacked(tmp_path, quiz), "a").find("choiceresponse")
    for hits in range(right + 1):
        for slips in range(wrong + 1):
            ticked = {*range(hits), *range(right, right + slips)}
            ours = multiple_fraction(rule, right, wrong, hits, slips)
            if ticked:  # `each` gives points for a blank; edX takes no blank at all
                assert edx_checkboxes(response, ticked) == pytest.approx(ours, abs=0.005)


@pytest.mark.parametrize(
    ("lines", "attributes", "default", "halves"),
    [
        ("= 1792", {"answer": "1792"}, "0", None),
        ("= 0.622 ± 0.001", {"answer": "0.622"}, "0.001", None),
        ("= 200 ± 1%", {"answer": "200"}, "2", None),
        ("= 3\n= 4 (50%)", {"answer": "3", "partial_credit": "list"}, "0", "4"),
        ("= 3\n= 4 (0%)\n  > no", {"answer": "3"}, "0", None),
        ("= 4 (0%)\n= 0.00001", {"answer": "0.00001"}, "0", None),
    ],
)
def test_numbers(tmp_path: Path, lines, attributes, default, halves):
    quiz = from_text(tmp_path, f"## a: A\n\nB?\n\n{lines}\n")

    response = problem(unpacked(tmp_path, quiz, Wish()), "a").find("numericalresponse")

    assert dict(response.attrib) == attributes
    assert response.find("responseparam").get("default") == default
    assert response.find("responseparam").get("partial_answers") == halves


def test_exact_numbers_beside_the_first_are_right_too(tmp_path: Path):
    quiz = from_text(tmp_path, "## a: A\n\nB?\n\n= 3\n= -3\n")

    response = problem(unpacked(tmp_path, quiz, Wish()), "a").find("numericalresponse")

    assert [more.get("answer") for more in response.iter("additional_answer")] == ["-3"]


def test_matching_is_a_dropdown_for_each_row(course: Path):
    shapes = sample_quiz().find("shapes")
    responses = problem(course, "shapes").findall("optionresponse")

    rights = {right.right_id: right.text.strip("`") for right in shapes.answer.rights}
    chosen = [r.xpath("optioninput/option[@correct='True']/text()") for r in responses]
    assert chosen == [[rights[left.right_id]] for left in shapes.answer.lefts]
    assert all(len(r.findall("optioninput/option")) == 4 for r in responses)
    assert mark(shapes, {e.left_id: e.right_id for e in shapes.answer.lefts}).fraction == 1


def test_variants_become_one_problem_with_variables(course: Path):
    """What edX would show a student is one of our variants, all of them come, keys and all."""
    root = problem(course, "conv-params")
    script = root.find("script").text
    quiz = sample_quiz()
    seen = set()
    for seed in range(30):
        values = edx_values(script, seed)
        text = etree.tostring(root.find("numericalresponse"), encoding="unicode")
        for name in sorted(values, key=len, reverse=True):
            text = text.replace(f"${name}", str(values[name]))
        response = etree.fromstring(text)
        label = html.unescape("".join(response.find("label").itertext()))
        question = next(q for q in quiz.questions() if q.stem.replace("`", "") == label)
        assert mark(question, response.get("answer")).fraction == 1
        seen.add(question.variant)
    assert root.get("rerandomize") == "per_student"
    assert seen == {1, 2, 3}


def edx_values(script: str, seed: int) -> dict[str, object]:
    """Work out what a problem's script does, without running it."""
    lines = script.strip().splitlines()
    assert lines[0] == "import random"
    count = int(re.fullmatch(r"variant = random\.randrange\((\d+)\)", lines[1])[1])
    variant = random.Random(seed).randrange(count)
    values = {}
    for line in lines[2:]:
        name, listed = re.fullmatch(r"(\w+) = (\[.*\])\[variant\]", line).groups()
        values[name] = ast.literal_eval(listed)[variant]
    return values


# --- what edX cannot carry -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("B?\n\n1. c\n2. d\n", "knows no ordering; ask for the order as a matching, or use qti3"),
        ('B?\n\n= "c"\n= "d" (50%)\n', "knows no text that earns a part of the points"),
        ('B?\n\n= "this_or_that"\n', "takes '_or_' in an answer for two answers"),
        ("B?\n\n= 3\n= 4 (25%)\n", "not 4 for 25%; see --whole-points"),
        ("B?\n\n= 3 ± 0.1\n= 4 ± 0.1\n", "not 4 for 100%"),
        ("B?\n\n= 3 ± 0.1\n= 4 (50%)\n", "not 4 for 50%"),
        ("B?\n\n= 4 (50%)\n= 3 ± 2\n", "cannot tell 4 from 3: their tolerances overlap"),
        ("It costs $US 5.\n\n- [x] c\n- [ ] d\n", "puts a value in for '$name'"),
        ("B?\n\n| l | r |\n|---|---|\n| 1 | it's |\n| 2 | b |\n", "breaks a list at an apostrophe"),
        ("B?\n\n- [x] c\n- [x] d\n- [ ] e\n", "cannot score by 'net'; write {scoring=all} or"),
    ],
)
def test_refuses(tmp_path: Path, text: str, message: str):
    quiz = from_text(tmp_path, f"## a: A\n\n{text}")

    with pytest.raises(ContentError, match=re.escape(message)) as raised:
        olx.write(quiz, Wish())
    assert str(raised.value).startswith("a (line 6): Open edX ")


def test_halves_in_variants_are_refused(tmp_path: Path):
    text = "## a: A {variants=2}\n\n{{k}}?\n\n= k\n= k+1 (50%)\n\n```params\nk = [1, 5]\n```\n"
    quiz = from_text(tmp_path, text)

    with pytest.raises(ContentError, match="knows no variants of answers that earn a part"):
        olx.write(quiz, Wish())
    assert olx.write(quiz, Wish(whole_points=True))


@pytest.mark.parametrize("path", BANK, ids=lambda path: path.name.partition(".")[0])
def test_bank_is_clean_once_its_rules_are_edx_rules(tmp_path: Path, path: Path):
    code, output = clean(unpacked(tmp_path, easy(read_quiz(path))))

    assert code == 0, output
