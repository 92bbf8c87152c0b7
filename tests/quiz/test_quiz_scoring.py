"""Every scoring rule against its formula, and responses that nobody expected."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st
from samples import sample_quiz

from grader.quiz.model import (
    AcceptedNumber,
    Choice,
    Matching,
    Numeric,
    Option,
    Ordering,
    Question,
    Rule,
    Value,
)
from grader.quiz.scoring import mark, multiple_fraction, normalise_text, read_number

COUNTS = [
    (right, wrong, hits, slips)
    for right, wrong in itertools.product(range(1, 6), range(5))
    for hits in range(right + 1)
    for slips in range(wrong + 1)
]
FORMULAS = {  # the table of PrairieLearn's names, written once more
    Rule.ALL: lambda c, w, t, f: 1 if t == c and f == 0 else 0,
    Rule.NET: lambda c, w, t, f: max(0, (t - f) / c),
    Rule.BALANCED: lambda c, w, t, f: max(0, t / c - (f / w if w else 0)),
    Rule.EACH: lambda c, w, t, f: 1 - ((c - t) + f) / (c + w),
    Rule.COVERAGE: lambda c, w, t, f: 0 if t == 0 else (t / c) * (t / (t + f)),
}


def choice(right: int, wrong: int, rule: Rule = Rule.NET, *, is_multiple: bool = True) -> Question:
    """Return a question with options r0, r1, ... and w0, w1, ..."""
    ids = [(f"r{n}", True) for n in range(right)] + [(f"w{n}", False) for n in range(wrong)]
    options = tuple(
        Option(option_id=name, text=name, is_right=is_right, feedback=f"about {name}")
        for name, is_right in ids
    )
    answer = Choice(options=options, is_multiple=is_multiple, rule=rule)
    return Question(question_id="q", title="T", stem="S", answer=answer)


def numeric(*accepted: tuple[float, float, float]) -> Question:
    """Return a question with (value, tolerance, share)."""
    numbers = tuple(AcceptedNumber(value=v, tolerance=t, share=s) for v, t, s in accepted)
    return Question(question_id="q", title="T", stem="S", answer=Numeric(accepted=numbers))


@pytest.mark.parametrize("rule", Rule)
@pytest.mark.parametrize("counts", COUNTS, ids=str)
def test_multiple_follows_its_formula(rule: Rule, counts: tuple[int, int, int, int]) -> None:
    right, wrong, hits, slips = counts
    ticked = tuple([f"r{n}" for n in range(hits)] + [f"w{n}" for n in range(slips)])

    earned = mark(choice(right, wrong, rule), ticked).fraction

    assert earned == pytest.approx(FORMULAS[rule](*counts), abs=1e-12)
    assert multiple_fraction(rule, *counts) == earned


@pytest.mark.parametrize("rule", Rule)
def test_all_right_options_and_no_other_earn_everything(rule: Rule) -> None:
    assert mark(choice(3, 2, rule), ("r2", "r0", "r1")).fraction == 1


@pytest.mark.parametrize("rule", Rule)
def test_nothing_ticked_is_blank(rule: Rule) -> None:
    found = mark(choice(3, 2, rule), ())

    assert found.is_blank
    assert found.fraction == (0.4 if rule is Rule.EACH else 0)


@pytest.mark.parametrize(
    ("ticked", "fraction"),
    [(("r0",), 1), (("w1",), 0), (("r0", "w0"), 0), (("r0", "r0"), 1), (("forged",), 0)],
)
def test_single_choice_is_right_or_wrong(ticked: tuple[str, ...], fraction: float) -> None:
    assert mark(choice(1, 3, is_multiple=False), ticked).fraction == fraction


def test_feedback_and_misconception_of_what_was_chosen_are_told() -> None:
    found = mark(choice(1, 2, is_multiple=False), ("w1",))

    assert found.feedback == ("about w1",)


def test_forged_ids_count_as_wrong() -> None:
    assert mark(choice(2, 2), ("r0", "r1", "forged")).fraction == 0.5


@pytest.mark.parametrize(
    ("typed", "fraction"),
    [
        ("0.622", 1),
        ("0.623", 1),
        ("0.621", 1),
        ("0.6231", 0.5),
        (",622", 1),
        (" 6.22e-1 ", 1),
        ("0.6", 0.5),
        ("0.55", 0.5),
        ("nan", 0),
        ("inf", 0),
        ("zero", 0),
        ("0.622.1", 0),
        ("1e999", 0),
        ("0x1", 0),
        ("1_000", 0),
        ("9" * 400, 0),
    ],
)
def test_numbers_within_the_tolerance_earn_their_share(typed: str, fraction: float) -> None:
    assert mark(numeric((0.622, 0.001, 1), (0.6, 0.05, 0.5)), typed).fraction == fraction


def test_the_edge_of_a_tolerance_is_inside_whatever_binary_fractions_say() -> None:
    assert mark(numeric((0.3, 0.1, 1)), "0.2").fraction == 1
    assert mark(numeric((0.1, 0.2, 1)), "0.3").fraction == 1


@pytest.mark.parametrize(
    ("typed", "key", "fraction"),
    [("2,303", 2.303, 1), ("2,303", 2303, 1), ("1,234,567", 1.234567, 0), ("2,303.5", 2.303, 0)],
)
def test_a_comma_before_three_digits_means_what_is_right(
    typed: str, key: float, fraction: float
) -> None:
    assert mark(numeric((key, 0.0005, 1)), typed).fraction == fraction


def test_large_whole_numbers_are_exact() -> None:
    assert mark(numeric((1792000000, 0, 1)), "1792000001").fraction == 0
    assert mark(numeric((1792000000, 0, 1)), "1.792e9").fraction == 1


def test_the_first_number_that_fits_counts() -> None:
    assert mark(numeric((2, 1, 0.5), (2, 0, 1)), "2").fraction == 0.5


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        ("1792", 1792),
        ("1 792", 1792),
        ("1\u00a0792", 1792),
        ("1\u202f792", 1792),
        ("1'792", 1792),
        ("1,792", 1792),
        ("1,792,000.5", 1792000.5),
        ("0,622", 0.622),
        ("12,5", 12.5),
        ("-3", -3),
        ("\u22123", -3),
        ("1.5e6", 1.5e6),
        ("3 x 10^4", 3e4),
        ("3\u00d710^-4", 3e-4),
        ("3*10**2", 300),
        ("10^8", 1e8),
        ("-10**-2", -0.01),
        ("3x102", None),
        ("2^10", None),
        ("97.77 %", 97.77),
        (".5", 0.5),
        ("5.", 5),
        ("1,79,2", None),
        ("1.234,5", None),
        ("", None),
        ("-", None),
        ("1e", None),
        ("٣", None),
    ],
)
def test_numbers_are_read_as_people_type_them(typed: str, number: float | None) -> None:
    assert read_number(typed) == number


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_what_python_prints_is_read_back(number: float) -> None:
    assert read_number(repr(number)) == number


@pytest.mark.parametrize(
    ("typed", "fraction"),
    [("zero_grad", 1), ("  ZERO_GRAD() ", 1), ("zero  grad", 0.5), ("zerograd", 0), ("", 0)],
)
def test_short_texts_ignore_case_and_spaces(typed: str, fraction: float) -> None:
    (question,) = (q for q in sample_quiz().questions() if q.question_id == "clear-grads")

    assert mark(question, typed).fraction == fraction


def test_normalising_twice_changes_nothing() -> None:
    assert normalise_text(normalise_text("  A \t b\n C ")) == normalise_text("a b c")


def find(kind: type) -> Question:
    """Return the sample's question of a type."""
    return next(q for q in sample_quiz().questions() if isinstance(q.answer, kind))


def test_matching_earns_the_share_of_right_pairs() -> None:
    question = find(Matching)
    answer = question.answer
    assert isinstance(answer, Matching)
    pairs = {left.left_id: left.right_id for left in answer.lefts}

    first, second, _ = pairs
    swapped = {**pairs, first: pairs[second], second: pairs[first]}

    assert mark(question, pairs).fraction == 1
    assert mark(question, swapped).fraction == pytest.approx(1 / 3)
    assert mark(question, {first: pairs[first]}).fraction == pytest.approx(1 / 3)
    assert mark(question, {"forged": "ids"}).fraction == 0
    assert mark(question, dict.fromkeys(pairs, "")).is_blank


def test_ordering_earns_the_share_of_right_places() -> None:
    question = find(Ordering)
    answer = question.answer
    assert isinstance(answer, Ordering)
    ids = [step.step_id for step in answer.steps]

    assert mark(question, tuple(ids)).fraction == 1
    assert mark(question, (ids[1], ids[0], ids[2], ids[3])).fraction == 0.5
    assert mark(question, tuple(ids[1:])).fraction == 0
    assert mark(question, (*ids, *ids)).fraction == 1
    assert mark(question, (ids[0], "forged")).fraction == 0.25


VALUES = st.one_of(
    st.text(max_size=8),
    st.lists(st.text(max_size=4), max_size=4).map(tuple),
    st.dictionaries(st.text(max_size=4), st.text(max_size=4), max_size=4),
)


@given(value=VALUES, place=st.integers(0, 9))
def test_any_response_to_any_question_earns_between_nothing_and_all(
    value: Value, place: int
) -> None:
    question = list(sample_quiz().questions())[place]

    assert 0 <= mark(question, value).fraction <= 1
