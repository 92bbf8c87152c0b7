"""What the packages share: bytes that depend on the quiz alone, names, numbers, images."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qti_reader import NCNAME

from grader.quiz.export.package import EPOCH, Pictures, decimal, exact, identifier, repeated, zip_of


def test_zip_holds_no_time_and_has_the_manifest_first() -> None:
    files = {"b/x.xml": b"1", "imsmanifest.xml": b"2", "a.xml": b"3"}
    content = zip_of(files)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        entries = package.infolist()

    assert [entry.filename for entry in entries] == ["imsmanifest.xml", "a.xml", "b/x.xml"]
    assert {entry.date_time for entry in entries} == {EPOCH}
    assert content == zip_of(dict(reversed(files.items())))


@given(st.text(max_size=20))
def test_identifier_is_a_name_of_xml(text: str) -> None:
    assert NCNAME.fullmatch(identifier(text))


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (1792.0, "1792"),
        (0.1 + 0.2, "0.3"),
        (-0.0001, "-0.0001"),
        (3.2e20, "320000000000000000000"),
        (1e-7, "0.0000001"),
        (0.0, "0"),
        (100.0, "100"),
    ],
)
def test_decimal_has_no_exponent_and_no_noise(number: float, text: str) -> None:
    assert decimal(number) == text


@given(st.integers(1, 12))
def test_shares_add_up_to_one(parts: int) -> None:
    """What is read back is the very share that was meant."""
    assert float(exact(1 / parts)) == 1 / parts
    assert "e" not in exact(1e-7 / parts)


def test_repeated_names_the_first() -> None:
    assert repeated("abcb") == "b"
    assert repeated("abc") == ""


def test_the_same_picture_is_one_file(tmp_path) -> None:
    (tmp_path / "figures").mkdir()
    (tmp_path / "figures" / "ü v.svg").write_bytes(b"<svg/>")
    pictures = Pictures(tmp_path)
    names = {pictures.add(path) for path in ("figures/ü v.svg", "figures/%C3%BC%20v.svg")}

    assert list(pictures.files) == sorted(names)
    assert len(names) == 1
    assert names.pop().isascii()
