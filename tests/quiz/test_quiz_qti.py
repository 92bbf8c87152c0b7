"""What QTI 2.1 and 3.0 both promise, held by a reader that knows the specification only."""

from types import ModuleType

import pytest
import qti_contract as contract
from hypothesis import given, settings
from hypothesis import strategies as st
from qti_samples import KINDS, choice_of, question, questions, quiz_of, responses

from grader.quiz.export import qti3, qti21
from grader.quiz.export.target import Wish
from grader.quiz.model import Rule

some = settings(max_examples=25, deadline=None)
both = pytest.mark.parametrize("version", [qti21, qti3], ids=["2.1", "3.0"])


@both
@pytest.mark.parametrize("kind", KINDS)
@some
@given(data=st.data())
def test_scores_as_dlab_does(version: ModuleType, kind: str, data: st.DataObject) -> None:
    """Any response to any question earns what our own scorer gives."""
    asked = data.draw(questions(KINDS[kind]))
    content = version.write(quiz_of(asked), Wish())

    for _ in range(4):
        contract.check_score(content, asked, data.draw(responses(asked)))


@both
@pytest.mark.parametrize("kind", KINDS)
@some
@given(data=st.data())
def test_package_is_sound(version: ModuleType, kind: str, data: st.DataObject) -> None:
    """Whatever the texts are: well-formed, complete, sound names, the same bytes again."""
    quiz = quiz_of(data.draw(questions(KINDS[kind])))
    content = version.write(quiz, Wish())

    contract.check_package(content, quiz)
    contract.check_texts(content, quiz.entries[0].first)
    assert content == version.write(quiz, Wish())


@both
@pytest.mark.parametrize("rule", Rule)
def test_rules_are_carried(version: ModuleType, rule: Rule) -> None:
    """Every subset of three right and two wrong options, under every rule."""
    asked = question(choice_of("a", "b", "c", "d", "e", rule=rule, right=3))
    content = version.write(quiz_of(asked), Wish())

    for bits in range(2**5):
        ticked = tuple(f"{n:08x}" for n in range(5) if bits >> n & 1)
        contract.check_score(content, asked, ticked)
