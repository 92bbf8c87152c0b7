"""`dlab demo`."""

from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from cli.main import dlab

ROOT = Path(__file__).resolve().parents[2]


def test_demo_says_in_one_line_that_it_needs_the_repository(
    run: Callable[..., Result], desk: Path
) -> None:
    result = run("demo")

    assert result.exit_code == 2
    assert "The demo needs dlab's repository" in result.output
    assert "has no examples and no solutions and no autograder_tests." in result.output
    assert len(result.output.splitlines()) == 1
    assert list(desk.iterdir()) == []


@pytest.mark.long
def test_demo_shows_students_and_staff_and_writes_only_into_out(
    desk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    before = set((ROOT / "examples").rglob("*"))
    args = ["--course", str(ROOT), "demo", "--out", "shown", "--jobs", "2"]
    result = CliRunner().invoke(dlab, args, prog_name="dlab")
    text = " ".join(result.output.split())

    assert result.exit_code == 0
    for lab in ("lab1", "lab2"):
        assert f"What a student sees of {lab}: a wrong answer" in text
        assert f"What a student sees of {lab}: a right answer" in text
        assert f"What staff see of {lab}: the class" in text
    for lab in ("lab3", "lab4", "lab5", "lab6", "lab7"):
        assert f"What a student sees of {lab}: a wrong answer" in text
    assert "Public: 7 of 9 points." in text
    assert "Public: 9 of 9 points." in text
    assert "Looks like: The loss is a mean over the batch" in text
    assert text.count("23 graded;") == 2
    assert "What was learned: session2-pre to session2-post" in text
    assert "explain bram lab2 --out shown" in text
    assert len(list(desk.glob("shown/*/*/result.json"))) == 48
    assert [path.name for path in desk.iterdir()] == ["shown"]
    assert set((ROOT / "examples").rglob("*")) == before
