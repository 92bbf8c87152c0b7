"""Items of QTI 3.0 in a player of others, in Chromium: it draws them and scores as dlab does."""

from collections.abc import Iterator, Mapping
from typing import Any

import js_tools
import pytest
import qti_contract as contract
import qti_reader as reader
from browser import chromium
from qti_samples import choice_of, question, quiz_of
from samples import sample_quiz

from grader.quiz.export import qti3
from grader.quiz.export.target import Wish
from grader.quiz.model import Choice, Matching, Numeric, Ordering, Question, Rule, Short, Value
from grader.quiz.scoring import mark

PLAYER = "@citolab/qti-components/cdn/index.global.js"
DECIMALS = 3  # that the player keeps of an outcome
SHOW = """async ([name, xml]) => {
    document.body.innerHTML = '<qti-item><item-container></item-container></qti-item>';
    const container = document.querySelector('item-container');
    await container.updateComplete;  // what is set before is not seen
    const connected = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(name + ' was not drawn in ten seconds')), 10000);
        document.addEventListener(
            'qti-assessment-item-connected', event => resolve(event.detail), {once: true});
    });
    container.itemXML = xml;
    window.item = await connected;
    await window.item.updateComplete;
}"""
ANSWER = """async response => {
    const item = window.item;
    item.updateResponseVariable('RESPONSE', response);
    item.processResponse();
    const value = name => item.variables.find(one => one.identifier === name)?.value ?? null;
    return {score: value('SCORE'), explanation: value('EXPLANATION'), response: value('RESPONSE')};
}"""
SCORE = """() => {
    window.item.processResponse();
    return window.item.variables.find(one => one.identifier === 'SCORE').value;
}"""


@pytest.fixture(scope="module")
def page() -> Iterator[Any]:
    """A page with the player, and nothing that comes from a network."""
    script = js_tools.node_modules() / PLAYER
    with chromium() as browser:
        page = browser.new_page(viewport={"width": 900, "height": 700})
        page.set_default_timeout(10_000)
        page.route("**/*", lambda route: route.abort())
        page.set_content("<!doctype html><html lang='en'><body></body></html>")
        page.add_script_tag(path=str(script))
        yield page


def rule_questions() -> list[Question]:
    """One multiple choice for every rule."""
    return [
        question(choice_of(*"abcde", rule=rule, right=3), question_id=f"rule-{rule.value}")
        for rule in Rule
    ]


ASKED = [*sample_quiz().questions(), *rule_questions()]


def five_responses(asked: Question) -> list[Value]:
    """Right, wrong, partly right, something else, nothing."""
    answer = asked.answer
    if isinstance(answer, Choice) and answer.is_multiple:
        right = [option.option_id for option in answer.right]
        wrong = [option.option_id for option in answer.wrong]
        chosen = [right, wrong, right[:1], [*right, wrong[0]], []]
        return [tuple(ids) for ids in chosen]
    if isinstance(answer, Choice):
        ids = [option.option_id for option in answer.options]
        return [(), *((one,) for one in (ids * 4)[:4])]
    if isinstance(answer, Numeric):
        key = answer.accepted[0]
        edge = key.value + key.tolerance
        typed = [key.value, answer.accepted[-1].value, edge, edge + 0.01]
        return [*(f"{number:.6f}" for number in typed), ""]
    if isinstance(answer, Short):
        key = answer.accepted[0].text
        return [key, key.upper(), answer.accepted[-1].text, "something else", ""]
    if isinstance(answer, Matching):
        return _pairs(answer)
    assert isinstance(answer, Ordering)
    ids = [step.step_id for step in answer.steps]
    swapped = [ids[1], ids[0], *ids[2:]]
    return [tuple(ids), tuple(reversed(ids)), tuple(swapped), (*ids[1:], ids[0]), ()]


def _pairs(answer: Matching) -> list[Value]:
    right = {left.left_id: left.right_id for left in answer.lefts}
    first, last = answer.rights[0].right_id, answer.rights[-1].right_id
    some = dict(list(right.items())[:1])
    return [right, dict.fromkeys(right, first), dict.fromkeys(right, last), some, {}]


def show(page: Any, content: bytes, asked: Question) -> None:
    xml = reader.read_zip(content)[f"items/{asked.variant_id}.xml"].decode()
    page.evaluate(SHOW, [asked.variant_id, xml])


@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: asked.variant_id)
def test_player_scores_as_dlab_does(page: Any, asked: Question) -> None:
    content = qti3.write(quiz_of(asked), Wish())
    for value in five_responses(asked):
        show(page, content, asked)
        response = contract.as_response(asked, value) or None
        found = page.evaluate(ANSWER, response)

        assert found["response"] == response
        assert float(found["score"]) == round(mark(asked, value).fraction, DECIMALS), value
        assert found["explanation"] == ("shown" if asked.explanation else None)


def test_options_can_be_ticked(page: Any) -> None:
    """What a student clicks is what is scored."""
    asked = question(choice_of("right one", "other right one", "wrong one", right=2))
    show(page, qti3.write(quiz_of(asked), Wish()), asked)
    page.get_by_text("other right one", exact=True).click()
    assert page.evaluate(SCORE) == "0.5"

    page.get_by_text("right one", exact=True).click()
    assert page.evaluate(SCORE) == "1"
    page.get_by_text("wrong one", exact=True).click()

    assert page.evaluate(SCORE) == "0.5"


@pytest.mark.parametrize(
    ("typed", "score"), [("0.6225", 1), ("0.6235", 0), ("-0.622", 0), ("x", 0)]
)
def test_numbers_can_be_typed(page: Any, typed: str, score: float) -> None:
    asked = sample_quiz().find("sigmoid")
    assert asked
    show(page, qti3.write(quiz_of(asked), Wish()), asked)
    page.get_by_role("textbox").press_sequentially(typed)

    assert float(page.evaluate(SCORE)) == score


def test_everything_is_drawn(page: Any) -> None:
    """Stem, options, formulas and code of every type are there to be read."""
    quiz = sample_quiz()
    content = qti3.write(quiz, Wish())
    for asked in quiz.questions():
        show(page, content, asked)
        text = " ".join(page.inner_text("qti-item-body").split())
        for _, option in contract.texts_of(asked):
            assert contract.read_as_html(option) in text
        assert " ".join(contract.read_as_html(asked.stem).split()[:5]) in text


def test_hostile_text_does_not_run(page: Any) -> None:
    """Nothing in a text becomes a script, an image or a handler."""
    hostile = "<script>window.ran = 1</script><img src=x onerror='window.ran = 1'>"
    asked = question(choice_of(hostile, "b"), stem=hostile, explanation=hostile)
    show(page, qti3.write(quiz_of(asked), Wish()), asked)

    assert page.evaluate("() => window.ran ?? null") is None
    assert "<script>" in page.inner_text("qti-item-body")


def test_responses_are_of_every_kind() -> None:
    """The five responses of each question earn at least two different shares."""
    for asked in ASKED:
        values = five_responses(asked)
        shares = {mark(asked, value).fraction for value in values}

        assert len(values) == 5
        assert len(shares) > 1
        assert all(not isinstance(value, Mapping) or value is not None for value in values)
