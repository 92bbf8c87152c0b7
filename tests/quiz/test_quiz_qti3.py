"""The QTI 3.0 package: the same content as 2.1 under its own names, scored the same."""

from dataclasses import replace
from pathlib import Path

import pytest
import qti_contract as contract
import qti_reader as reader
from hypothesis import settings
from lxml import etree
from qti_samples import HOSTILE, choice_of, question, quiz_of
from samples import sample_quiz, write_quiz

from grader.quiz.export import qti3, qti21
from grader.quiz.export.target import Wish
from grader.quiz.source import read_quiz

BANK = Path(__file__).parents[2] / "quizzes"
NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
some = settings(max_examples=25, deadline=None)


def test_names_are_those_of_3() -> None:
    """Elements of QTI begin with qti-, no name has a capital, all are in the namespace."""
    of_html = {"code", "div", "em", "li", "ol", "p", "pre", "strong", "ul"}
    for name, data in reader.read_zip(qti3.write(sample_quiz(), Wish())).items():
        root = reader.parse(data)
        if name == contract.MANIFEST:
            continue
        for element in root.iter():
            tag = etree.QName(element)
            assert tag.namespace == NAMESPACE
            assert tag.localname.startswith("qti-") or tag.localname in of_html
            assert not any(letter.isupper() for key in element.attrib for letter in key)


def test_3_says_what_21_says() -> None:
    """The same elements in the same order, but for content bodies and how numbers compare."""
    quiz = sample_quiz()
    old, new = (reader.read_zip(kind.write(quiz, Wish())) for kind in (qti21, qti3))

    assert list(old) == list(new)
    for asked in quiz.questions():
        if asked.kind == "numeric":
            continue
        path = f"items/{asked.variant_id}.xml"
        both = [[reader.name(e) for e in reader.parse(files[path]).iter()] for files in (old, new)]
        assert both[0] == [tag for tag in both[1] if tag != "contentBody"]


def test_numbers_are_compared_by_their_bounds(tmp_path: Path) -> None:
    """Players do not know the tolerance of `equal` (qti-components 7.27.4 counts all as wrong)."""
    path = write_quiz(tmp_path, "## n: N\n\nS\n\n= -0.5 ± 0.01\n= 0.5 (50%)")
    asked = read_quiz(path).entries[0].first
    item = contract.item_of(qti3.write(quiz_of(asked), Wish()), asked)

    assert not reader.below(item.root, "equal")
    assert [item.score(typed) for typed in ("-0.49", "-.51", "-0.515", "0.5", "")] == [
        1,
        1,
        0,
        0.5,
        0,
    ]


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_is_shown_not_run(hostile: str) -> None:
    answer = choice_of(hostile, "b")
    asked = question(answer, stem=hostile, title=hostile[:40], explanation=hostile)
    quiz = replace(quiz_of(asked), title=hostile, introduction=hostile)
    content = qti3.write(quiz, Wish())

    contract.check_package(content, quiz)
    contract.check_texts(content, asked)


def test_manifest_is_that_of_3() -> None:
    manifest = reader.parse(reader.read_zip(qti3.write(sample_quiz(), Wish()))[contract.MANIFEST])
    types = {resource.get("type") for resource in reader.below(manifest, "resource")}

    assert types == {"imsqti_test_xmlv3p0", "imsqti_item_xmlv3p0"}
    assert [reader.text_of(e) for e in reader.below(manifest, "schemaversion")] == ["3.0.0"]


@pytest.mark.parametrize("path", sorted(BANK.glob("*.quiz.md")), ids=lambda path: path.stem)
def test_bank_is_exported(path: Path) -> None:
    quiz = read_quiz(path)
    content = qti3.write(quiz, Wish())

    contract.check_package(content, quiz)
    assert content == qti3.write(quiz, Wish())
