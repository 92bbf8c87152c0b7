"""What a student sees, word for word. `pytest tests/cli --update-golden` writes the files anew."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

GOLDEN = Path(__file__).parent / "golden"

SQUARE = "def square(x):\n    return x * x\n"
MEAN = "def mean(x):\n    return x.sum() / len(x)\n"
SUBMISSIONS = {
    "all_right": SQUARE + MEAN,
    "all_wrong": "def square(x):\n    return x + x\ndef mean(x):\n    return x.max()\n",
    "partial": SQUARE + "def mean(x):\n    return x.sum() / (len(x) - 1)\n",
    "stub": None,
    "one_written": SQUARE + "def mean(x):\n    raise NotImplementedError\n",
    "calls_unwritten": (
        "def square(x):\n    return mean(x) * x\ndef mean(x):\n    raise NotImplementedError\n"
    ),
    "empty_file": "",
    "syntax_error": "def square(x)\n    return x * x\n",
    "import_error": "import tensorflow\n" + SQUARE + MEAN,
    "error_while_loading": "scale = 1 / 0\n" + SQUARE + MEAN,
    "missing_function": SQUARE,
    "wrong_type": "def square(x):\n    return [x]\ndef mean(x):\n    return str(x.mean())\n",
    "returns_nothing": "def square(x):\n    x * x\n" + MEAN,
    "wrong_shape_and_dtype": (
        "def square(x):\n    return (x * x)[:, None]\n"
        "def mean(x):\n    return x.mean().astype('float32')\n"
    ),
    "raises": "def square(x):\n    return x[7]\n" + MEAN,
    "prints": "def square(x):\n    print('x is', x)\n    return x * x\n" + MEAN,
    "warns_on_stderr": (
        "import sys, warnings\n"
        "def square(x):\n    warnings.warn('old')\n"
        "    print('err', file=sys.stderr)\n    return x * x\n"
    )
    + MEAN,
    "infinite_loop": "def square(x):\n    while True:\n        pass\n" + MEAN,
    "loops_while_loading": "while True:\n    pass\n",
    "os_exit": "import os\ndef square(x):\n    os._exit(0)\n" + MEAN,
    "sys_exit": "import sys\ndef square(x):\n    sys.exit(0)\n" + MEAN,
    "segfault": "import ctypes\ndef square(x):\n    ctypes.string_at(0)\n" + MEAN,
    "memory_hog": "import numpy\ndef square(x):\n    return numpy.ones(1 << 30)\n" + MEAN,
    "nan": "def square(x):\n    return x * float('nan')\n" + MEAN,
    "asks_for_input": "def square(x):\n    return float(input()) * x\n" + MEAN,
    "invalid_utf8": b"name = 'caf\xe9'\n" + (SQUARE + MEAN).encode(),
    "null_bytes": b"\0" + (SQUARE + MEAN).encode(),
}


def normalised(text: str) -> str:
    """Replace what differs between machines and runs."""
    text = re.sub(r"line \d+, in string_at", "line N, in string_at", text)
    return re.sub(r"(?<=used )[\d.]+(?= CPU seconds)", "N", text)


@pytest.mark.parametrize("name", sorted(SUBMISSIONS))
def test_check_prints_as_expected(
    name: str,
    check: Callable[..., Result],
    desk: Path,
    course: Path,
    request: pytest.FixtureRequest,
) -> None:
    stub = (course / "assignments" / "lab1_tiny" / "lab1.py").read_text()
    content = SUBMISSIONS[name]
    content = stub if content is None else content
    (desk / "lab1.py").write_bytes(content if isinstance(content, bytes) else content.encode())

    result = check()
    shown = normalised(f"{result.output}[exit {result.exit_code}]\n")
    assert "dlab itself failed" not in shown  # never to become what is expected
    golden = GOLDEN / f"{name}.txt"
    if request.config.getoption("--update-golden"):
        golden.write_text(shown, encoding="utf-8")

    assert shown == golden.read_text(encoding="utf-8")
    assert max(map(len, shown.splitlines())) <= 80


def test_every_golden_file_has_its_submission() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == set(SUBMISSIONS)


def test_all_right_is_the_only_one_that_exits_0() -> None:
    zero = [path.stem for path in GOLDEN.glob("*.txt") if "[exit 0]" in path.read_text()]

    assert sorted(zero) == ["all_right", "prints", "warns_on_stderr"]
