"""Forms: what counts as a change, and what no page of ours can have sent."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.quiz.model import Value
from grader.quiz.paper import PaperLeft, PaperOption, PaperQuestion
from grader.quiz.serve.answers import (
    LONGEST,
    ForgedError,
    blank_of,
    canonical,
    changes,
    fields_of,
    from_canonical,
    read_as,
)

OPTIONS = tuple(PaperOption(option_id=name, text=name) for name in ("a", "b", "c"))
LEFTS = (PaperLeft(left_id="l1", text="1"), PaperLeft(left_id="l2", text="2"))


def question(kind: str, **values: Any) -> PaperQuestion:
    options = () if kind in ("numeric", "short") else OPTIONS
    return PaperQuestion(
        question_id=f"of-{kind}", kind=kind, stem="?", points=1, options=options, **values
    )


SINGLE, MULTIPLE = question("single"), question("multiple")
NUMERIC, SHORT = question("numeric"), question("short")
MATCHING, ORDERING = question("matching", lefts=LEFTS), question("ordering")
ALL = (SINGLE, MULTIPLE, NUMERIC, SHORT, MATCHING, ORDERING)

ANSWERED: list[tuple[PaperQuestion, dict[str, list[str]], Value]] = [
    (SINGLE, {"q1": ["b"]}, ("b",)),
    (MULTIPLE, {"q1": ["c", "a"]}, ("a", "c")),
    (MULTIPLE, {"q1": ["a", "a"]}, ("a",)),
    (NUMERIC, {"q1": [" 1 792 "]}, "1 792"),
    (SHORT, {"q1": ["zero  grad"]}, "zero grad"),
    (SHORT, {"q1": ["=1+1<b>\u202e😀"]}, "=1+1<b>\ufffd😀"),
    (MATCHING, {"q1.l1": ["a"], "q1.l2": [""]}, {"l1": "a"}),
    (ORDERING, {"q1.1": ["c"], "q1.2": [""], "q1.3": ["c"]}, ("c", "", "c")),
]


@pytest.mark.parametrize(("asked", "form", "value"), ANSWERED)
def test_an_answer_is_read(asked: PaperQuestion, form: dict[str, list[str]], value: Value) -> None:
    assert changes([asked], form) == {asked.question_id: value}


@pytest.mark.parametrize(("asked", "form", "value"), ANSWERED)
def test_what_the_page_showed_already_changes_nothing(
    asked: PaperQuestion, form: dict[str, list[str]], value: Value
) -> None:
    assert changes([asked], {**form, "was1": [canonical(value)]}) == {}


@pytest.mark.parametrize("asked", ALL, ids=lambda q: q.kind)
def test_an_empty_form_changes_nothing(asked: PaperQuestion) -> None:
    """A page that came up blank: the bug that lost answers in the prototype."""
    empty = {name: [""] for name in fields_of(asked, 1) if name != "was1"}
    if asked.kind in ("single", "multiple"):
        empty = {}

    assert changes([asked], {**empty, "was1": [canonical(blank_of(asked))]}) == {}
    assert changes([asked], empty) == {}


@pytest.mark.parametrize(("asked", "form", "value"), ANSWERED)
def test_clearing_what_was_shown_is_a_change(
    asked: PaperQuestion, form: dict[str, list[str]], value: Value
) -> None:
    empty = {} if asked.kind in ("single", "multiple") else {name: [""] for name in form}

    assert changes([asked], {**empty, "was1": [canonical(value)]}) == {
        asked.question_id: blank_of(asked)
    }


@pytest.mark.parametrize("asked", ALL, ids=lambda q: q.kind)
def test_the_script_can_clear_too(asked: PaperQuestion) -> None:
    empty = {name: [""] for name in fields_of(asked, 1)}
    if asked.kind in ("single", "multiple"):
        empty = {}

    assert changes([asked], {**empty, "was1": ["?"]}) == {asked.question_id: blank_of(asked)}


@pytest.mark.parametrize(
    "form",
    [
        {"q1": ["x"]},
        {"q1": ["a", "b"]},
        {"q2": ["x"]},
        {"q3": ["1", "2"]},
        {"q3": ["1" * (LONGEST + 1)]},
        {"q5.l1": ["x"]},
        {"q5.l9": ["a"]},
        {"q5.l1": ["a", "b"]},
        {"q6.1": ["x"]},
        {"q6.4": ["a"]},
        {"q7": ["a"]},
        {"q0": ["a"]},
        {"question": ["a"]},
        {"was1": ["[]", "?"], "q1": ["a"]},
        {"q1.1": ["a"]},
        {"__proto__": ["a"]},
    ],
    ids=str,
)
def test_a_forged_form_is_refused_whole(form: dict[str, list[str]]) -> None:
    with pytest.raises(ForgedError):
        changes(ALL, {"q4": ["fine"], **form})


def test_questions_that_a_form_does_not_have_are_not_touched() -> None:
    assert changes(ALL, {"was3": ["?"], "q3": ["7"]}) == {"of-numeric": "7"}


@given(st.dictionaries(st.text(max_size=8), st.lists(st.text(max_size=300), max_size=3)))
def test_any_form_is_read_or_refused(form: dict[str, list[str]]) -> None:
    try:
        found = changes(ALL, form)
    except ForgedError:
        return
    assert found.keys() <= {asked.question_id for asked in ALL}


@given(
    st.one_of(
        st.text(),
        st.lists(st.text()).map(tuple),
        st.dictionaries(st.text(), st.text()),
    )
)
def test_values_survive_the_file(value: Value) -> None:
    assert from_canonical(canonical(value)) == value


@pytest.mark.parametrize("text", ["1", "null", "[1]", '{"a": 1}', "NaN", "{", '[["a"]]'])
def test_what_is_no_answer_is_not_read(text: str) -> None:
    with pytest.raises(ValueError, match=r"not an answer|Expecting"):
        from_canonical(text)


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1792", "Read as 1792."),
        ("1,792", "Read as 1792."),
        ("1 792", "Read as 1792."),
        ("0,622", "Read as 0.622; a whole number is asked for."),
        ("1.5e6", "Read as 1500000."),
        ("nan", "This is not read as a number."),
        ("1e999", "This is not read as a number."),
        ("<script>", "This is not read as a number."),
        ("", ""),
    ],
)
def test_the_page_says_how_a_number_is_read(typed: str, said: str) -> None:
    assert read_as(question("numeric", is_integer=True), typed) == said


def test_only_numbers_are_read_as_something() -> None:
    assert read_as(SHORT, "12") == ""
