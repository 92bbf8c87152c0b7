"""Text from outside is made fit to be stored and shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.text import clean, inert, one_line


@pytest.mark.parametrize("text", ["", "plain", "two\nlines\n", "a\ttab", "é 漢字 \U0001f600"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert clean(text) == text


@pytest.mark.parametrize(
    "bad", ["\x1b", "\x00", "\x07", "\x08", "\x7f", "\x9b", "\u202e", "\u2066", "\u2028", "\x0c"]
)
def test_control_characters_are_replaced(bad: str) -> None:
    assert clean(f"a{bad}b") == "a\ufffdb"


@pytest.mark.parametrize("text", ["a\r\nb", "a\rb", "a\nb"])
def test_line_ends_are_made_one(text: str) -> None:
    assert clean(text) == "a\nb"


@pytest.mark.parametrize("code", [0xD800, 0xDC80])
def test_half_a_character_is_written_as_an_escape(code: int) -> None:
    assert clean(f"a{chr(code)}b") == f"a\\u{code:04x}b"


@pytest.mark.parametrize("text", ["x" * 12, "long" * 25_000, "\ud800" * 10, "é" * 11])
def test_long_text_is_cut_and_says_so(text: str) -> None:
    found = clean(text, 10)

    assert len(found) == 10
    assert found.endswith(" ...")


def test_text_of_just_the_limit_is_whole() -> None:
    assert clean("x" * 10, 10) == "x" * 10


@pytest.mark.parametrize("text", ["a\nb", " a \t\x07 b\x00", "a\x85b"])
def test_one_line_is_one_line(text: str) -> None:
    assert one_line(text) == "a b"


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20"])
@pytest.mark.parametrize("before", ["", " ", "\t", "\n", "\u3000", "\ufeff", " \ufeff "])
def test_no_formula_is_left(before: str, sign: str) -> None:
    assert inert(f"{before}{sign}1") == f"'{before}{sign}1"


@pytest.mark.parametrize("text", ["\t1", "\r1", " \n1"])
def test_what_begins_a_new_cell_is_inert(text: str) -> None:
    assert inert(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "ada", "a=1", " a ", "1-2", "'=1"])
def test_what_is_no_formula_is_left_alone(text: str) -> None:
    assert inert(text) == text


@given(st.text(max_size=20))
def test_an_inert_text_begins_like_no_formula(text: str) -> None:
    plain = inert(text)

    assert plain in (text, f"'{text}")
    assert not plain.strip().startswith(("=", "+", "-", "@", "\uff1d"))
