"""The QTI 2.1 package, scored by a reader that knows the specification and nothing of dlab."""

import os
import time
from dataclasses import replace
from pathlib import Path

import pytest
import qti_contract as contract
import qti_reader as reader
from hypothesis import settings
from lxml import etree
from qti_samples import HOSTILE, choice_of, question, quiz_of
from samples import sample_quiz, write_quiz

from grader.errors import ContentError
from grader.quiz.export import qti21
from grader.quiz.export.target import Wish
from grader.quiz.model import Role
from grader.quiz.source import read_quiz

BANK = Path(__file__).parents[2] / "quizzes"
some = settings(max_examples=25, deadline=None)


def test_templates_are_used_where_they_say_it_all() -> None:
    asked = question(choice_of("a", "b"))
    root = contract.item_of(qti21.write(quiz_of(asked), Wish()), asked).root
    processing = reader.below(root, "responseProcessing")[0]

    assert processing.get("template").endswith("qti_v2p1/rptemplates/match_correct")


def test_numbers_have_a_tolerance_and_shares(tmp_path: Path) -> None:
    path = write_quiz(
        tmp_path, "## n: N\n\nS\n\n= 1792 ± 2\n= 1728 (50%)\n  > Bias.\n= 5 (0%)\n  > No."
    )
    asked = read_quiz(path).entries[0].first
    item = contract.item_of(qti21.write(quiz_of(asked), Wish()), asked)

    assert [item.score(typed) for typed in ("1792", "1794", "1790", "1794.1")] == [1, 1, 1, 0]
    assert [item.score(typed) for typed in ("1728", "5", "x", None)] == [0.5, 0, 0, 0]
    assert item.shown("1728") == ["Bias."]
    assert item.shown("5") == ["No."]


def test_math_and_code_survive() -> None:
    asked = question(
        choice_of(r"$\frac{a}{b} < 1$", "`a < b && c`"), stem="$$x^2$$\n\n```py\nif a:\n    b\n```"
    )
    root = contract.item_of(qti21.write(quiz_of(asked), Wish()), asked).root
    texts = [reader.text_of(one) for one in reader.below(root, "simpleChoice")]

    assert texts == [r"\(\frac{a}{b} < 1\)", "a < b && c"]
    assert r"\[x^2\]" in "".join(root.itertext())
    assert reader.below(root, "code")[0].text == "if a:\n    b\n"


def test_what_qti_does_not_know_is_left_out() -> None:
    """No alignment of cells, no number of a list's first item, no title of a link, no `s`."""
    stem = '| a |\n|--:|\n| 1 |\n\n3. three\n\n[l](http://x "t") ~~gone~~'
    asked = question(choice_of("a", "b"), stem=stem)
    content = qti21.write(quiz_of(asked), Wish())
    root = contract.item_of(content, asked).root

    contract.check_package(content, quiz_of(asked))
    assert reader.text_of(reader.below(root, "span")[0]) == "gone"
    assert [dict(link.attrib) for link in reader.below(root, "a")] == [{"href": "http://x"}]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_not_run(hostile: str) -> None:
    asked = question(choice_of(hostile, "b"), stem=hostile, title=hostile[:40], explanation=hostile)
    quiz = replace(quiz_of(asked), title=hostile, introduction=hostile)
    content = qti21.write(quiz, Wish())

    contract.check_package(content, quiz)
    contract.check_texts(content, asked)


def test_test_has_the_limit_and_hides_feedback_until_the_end() -> None:
    test = reader.parse(reader.read_zip(qti21.write(sample_quiz(), Wish()))["test.xml"])
    part = reader.below(test, "testPart")[0]

    assert reader.below(test, "timeLimits")[0].get("maxTime") == "600"
    assert (part.get("navigationMode"), part.get("submissionMode")) == ("nonlinear", "simultaneous")
    assert reader.below(test, "itemSessionControl")[0].get("maxAttempts") == "1"
    assert reader.below(test, "ordering")[0].get("shuffle") == "true"


def test_practice_can_be_repeated_and_no_limit_is_none() -> None:
    quiz = replace(sample_quiz(), minutes=0, role=Role.PRACTICE, shuffle_questions=False)
    test = reader.parse(reader.read_zip(qti21.write(quiz, Wish()))["test.xml"])

    assert not reader.below(test, "timeLimits")
    assert not reader.below(test, "ordering")
    assert reader.below(test, "testPart")[0].get("submissionMode") == "individual"
    assert reader.below(test, "itemSessionControl")[0].get("maxAttempts") == "0"


def test_variants_are_a_section_of_which_one_is_given() -> None:
    test = reader.parse(reader.read_zip(qti21.write(sample_quiz(), Wish()))["test.xml"])
    groups = [s for s in reader.below(test, "assessmentSection") if reader.children(s, "selection")]

    assert [reader.children(group, "selection")[0].get("select") for group in groups] == ["1"]
    items = reader.children(groups[0], "assessmentItemRef")
    assert [item.get("identifier") for item in items] == [f"q-conv-params-v{n}" for n in (1, 2, 3)]


def test_points_weigh_the_items() -> None:
    quiz = sample_quiz()
    test = reader.parse(reader.read_zip(qti21.write(quiz, Wish()))["test.xml"])
    weights = {
        item.get("identifier"): float(reader.children(item, "weight")[0].get("value"))
        for item in reader.below(test, "assessmentItemRef")
    }

    assert weights == {f"q-{q.variant_id}": q.points for q in quiz.questions()}
    assert reader.below(test, "testVariables")[0].get("weightIdentifier") == "POINTS"


def test_order_in_the_file_tells_nothing() -> None:
    """Steps and right sides lie in the order of their ids, and steps are always shuffled."""
    quiz = replace(sample_quiz(), shuffle_options=False)
    content = qti21.write(quiz, Wish())
    for kind, wanted in (("ordering", "simpleChoice"), ("matching", "simpleMatchSet")):
        asked = next(q for q in quiz.questions() if q.kind == kind)
        found = reader.below(contract.item_of(content, asked).root, wanted)
        place = found if kind == "ordering" else list(found[-1])
        names = [one.get("identifier") for one in place]

        assert names == sorted(names)
    order = reader.below(
        contract.item_of(content, quiz.find("step-order")).root, "orderInteraction"
    )
    assert order[0].get("shuffle") == "true"


def test_fixed_options_stay() -> None:
    answer = choice_of("a", "b")
    fixed = replace(answer, options=(answer.options[0], replace(answer.options[1], is_fixed=True)))
    root = contract.item_of(qti21.write(quiz_of(question(fixed)), Wish()), question(fixed)).root

    assert [one.get("fixed") for one in reader.below(root, "simpleChoice")] == [None, "true"]


def test_images_are_files_of_the_package(tmp_path: Path) -> None:
    (tmp_path / "a b.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    asked = question(choice_of("![two](a%20b.svg)", "b"), stem="![one](a%20b.svg)")
    quiz = quiz_of(asked, folder=tmp_path, introduction="![in](a%20b.svg)")
    content = qti21.write(quiz, Wish())
    images = [path for path in reader.read_zip(content) if path.endswith(".svg")]
    item = contract.item_of(content, asked)

    contract.check_package(content, quiz)
    assert len(images) == 1
    found = [(img.get("src"), img.get("alt")) for img in reader.below(item.root, "img")]
    assert found == [(f"../{images[0]}", "one"), (f"../{images[0]}", "two")]


@pytest.mark.parametrize(
    "path", ["none.svg", "../out.svg", "a%00b.svg", "x" * 300, "http://x/y.png"]
)
def test_missing_images_are_refused(path: str, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "out.svg").write_text("<svg/>")
    quiz = quiz_of(question(choice_of(f"![x]({path})", "b")), folder=tmp_path / "in")

    with pytest.raises(ContentError, match="image"):
        qti21.write(quiz, Wish())


def test_options_that_are_the_same_are_refused() -> None:
    answer = choice_of("a", "b")
    twice = replace(answer, options=(answer.options[0], answer.options[0]))

    with pytest.raises(ContentError, match=r"q \(line 0\): QTI 2.1 needs .* two are the same"):
        qti21.write(quiz_of(question(twice)), Wish())


@pytest.mark.parametrize("path", sorted(BANK.glob("*.quiz.md")), ids=lambda path: path.stem)
def test_bank_is_exported(path: Path) -> None:
    quiz = read_quiz(path)
    started = time.process_time()
    content = qti21.write(quiz, Wish())

    assert time.process_time() - started < 1
    contract.check_package(content, quiz)


def test_schema_accepts_the_sample() -> None:
    """With the schemas of 1EdTech at hand, which have their own licence."""
    folder = os.environ.get("DLAB_QTI_XSD_DIR")
    if not folder:
        pytest.skip("DLAB_QTI_XSD_DIR is not set")
    schemas = sorted(Path(folder).rglob("imsqti_v2p1*.xsd"))
    if not schemas:
        pytest.skip(f"no imsqti_v2p1*.xsd in {folder}")
    schema = etree.XMLSchema(etree.parse(schemas[0]))
    for name, data in reader.read_zip(qti21.write(sample_quiz(), Wish())).items():
        if name != contract.MANIFEST and name.endswith(".xml"):
            schema.assertValid(reader.parse(data))
