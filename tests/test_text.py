"""Text from outside is made fit to be stored and shown."""

import pytest

from grader.text import clean


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
