"""Reading a submission for staff: says what is unusual and where, executes nothing."""

import pytest

from grader.review import MAX_BYTES, find_remarks


def remarks_of(text: str | bytes, name: str = "lab9.py") -> tuple[str, ...]:
    """Review one file."""
    return find_remarks({name: text.encode() if isinstance(text, str) else text})


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("import subprocess", "imports subprocess"),
        ("import os, socket as s", "imports socket"),
        ("from multiprocessing.pool import Pool", "imports multiprocessing"),
        ("import pickle.foo", "imports pickle"),
        ("eval('1')", "uses eval"),
        ("x = __import__('os')", "uses __import__"),
        ("os._exit(0)", "uses ._exit"),
        ("().__class__.__subclasses__()", "uses .__subclasses__"),
        ("sys._getframe().f_back", "uses .f_back"),
    ],
)
def test_unusual_code_is_remarked_with_file_and_line(line: str, words: str) -> None:
    assert f"review: lab9.py: line 2 {words}" in remarks_of(f"import numpy\n{line}\n")


@pytest.mark.parametrize(
    "text",
    [
        "import numpy as np\n\ndef evaluate(x):\n    return np.exp(x)\n",
        "# subprocess\n'''eval(x)'''\n",
        "from . import own\n",
        "",
    ],
)
def test_usual_code_is_not(text: str) -> None:
    assert remarks_of(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "def f(:",
        b"\x00",
        b"# -*- coding: nonsense -*-\nx = 1",
        b"\xff\xfe",
        "(" * 5000,
        "-" * 20_000,
    ],
    ids=["syntax", "null", "codec", "bytes", "brackets", "deep"],
)
def test_what_cannot_be_read_is_left_to_the_worker(text: str | bytes) -> None:
    assert remarks_of(text) == ()


def test_only_python_is_read() -> None:
    assert remarks_of("import subprocess", "notes.txt") == ()


def test_large_files_are_not_parsed() -> None:
    assert remarks_of("import subprocess\n" + "#" * MAX_BYTES) == ()


def test_files_come_in_the_order_of_their_names() -> None:
    files = {"z.py": b"import gc", "a.py": b"import gc"}

    assert find_remarks(files) == (
        "review: a.py: line 1 imports gc",
        "review: z.py: line 1 imports gc",
    )


def test_there_are_at_most_twenty_remarks() -> None:
    assert len(remarks_of("import gc\n" * 100)) == 20


def test_nothing_is_executed() -> None:
    assert remarks_of("raise SystemExit(1)\nimport gc\n") == ("review: lab9.py: line 2 imports gc",)
