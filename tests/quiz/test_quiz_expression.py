"""The arithmetic of parameterised questions: right, bounded, and nothing but arithmetic."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.errors import ContentError
from grader.quiz.expression import Param, evaluate, fill, read_params, show_number

NAMES = {"c_in": 3, "k": 5, "rate": 0.1}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("1 + 2 * 3", 7),
        ("c_in*k*k + 1", 76),
        ("-k // 2", -3),
        ("k % 3 ** 2", 5),
        ("floor(7 / 2) + ceil(7 / 2)", 7),
        ("sqrt(16) + exp(0) + log(1) + log2(8)", 8.0),
        ("tanh(0) + abs(-2) + min(1, 2) + max(1, 2)", 5.0),
        ("round(2 / 3, 3)", 0.667),
        ("1e-3 * rate", 1e-4),
    ],
)
def test_arithmetic_is_evaluated(source: str, expected: float) -> None:
    assert evaluate(source, NAMES) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("__import__('os')", "not arithmetic"),
        ("().__class__", "not arithmetic"),
        ("[1 for _ in (1,)]", "not arithmetic"),
        ("'a' * 9", "not arithmetic"),
        ("True + 1", "not arithmetic"),
        ("k if k else 1", "not arithmetic"),
        ("k.real", "not arithmetic"),
        ("round(k, ndigits=2)", "not arithmetic"),
        ("depth + 1", "there is no parameter 'depth' (known here: c_in, k, rate)"),
        ("1 +", "is not an expression"),
        ("1 / 0", "has no value"),
        ("log(0)", "has no value"),
        ("(-1) ** 0.5", "has no value"),
        ("9 ** 9 ** 9", "has no value"),
        ("10 ** 64 ** 1", "has no value"),
        ("exp(1000)", "has no value"),
        ("sqrt(1, 2)", "has no value"),
        ("-" * 30_000 + "1", "is longer than 200 characters"),
    ],
)
def test_anything_else_is_refused_in_one_line(source: str, message: str) -> None:
    with pytest.raises(ContentError) as caught:
        evaluate(source, NAMES)

    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=30))
def test_no_text_does_anything_but_give_a_finite_number_or_an_error(source: str) -> None:
    try:
        value = evaluate(source, NAMES)
    except (ContentError, MemoryError, RecursionError):
        return

    assert math.isfinite(value)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Conv2d({{ c_in }}, {{k*2}})", "Conv2d(3, 10)"),
        ("$2^{{{k}}}$", "$2^{5}$"),
        ("{{ rate:.3f }} {{ 1/3 }} {{ k/1 }}", "0.100 0.333333 5"),
        ("{{ 1234567:,d }}", "1,234,567"),
        (r"$\frac{1}{2}$ and {braces}", r"$\frac{1}{2}$ and {braces}"),
    ],
)
def test_holes_are_filled_and_other_braces_left(text: str, expected: str) -> None:
    assert fill(text, NAMES) == expected


@pytest.mark.parametrize("hole", ["{{ rate:999999999d }}", "{{ rate:.999999999f }}"])
def test_a_format_cannot_ask_for_a_gigabyte(hole: str) -> None:
    with pytest.raises(ContentError):
        fill(hole, NAMES)


def test_a_format_that_python_refuses_is_named() -> None:
    with pytest.raises(ContentError, match="rate:d"):
        fill("{{ rate:d }}", NAMES)


@pytest.mark.parametrize(("value", "shown"), [(3, "3"), (3.0, "3"), (0.5, "0.5"), (1e-7, "1e-07")])
def test_numbers_are_shown_as_students_read_them(value: float, shown: str) -> None:
    assert show_number(value) == shown


def test_params_are_lists_and_expressions_in_order() -> None:
    params = read_params({4: "k = [1, 3]  # side", 5: "", 6: "n = k * k"})

    assert params == {
        "k": Param(line=4, values=(1, 3)),
        "n": Param(line=6, source="k * k"),
    }


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("k", "7: a line of params"),
        ("2k = [1]", "7: a line of params"),
        ("sqrt = [1]", "7: a line of params"),
        ("k = []", "7: '[]' is not a list"),
        ("k = [1, 'a']", "not arithmetic"),
        ("k = [1", "7: '[1' is not a list"),
    ],
)
def test_a_bad_line_of_params_is_told_with_its_number(line: str, message: str) -> None:
    with pytest.raises(ContentError) as caught:
        read_params({7: line})

    assert message in str(caught.value)


def test_a_parameter_is_there_once() -> None:
    with pytest.raises(ContentError, match="2: the parameter 'k' is there twice"):
        read_params({1: "k = [1]", 2: "k = [2]"})
