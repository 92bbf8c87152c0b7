"""The line that shows how training goes: drawn on a terminal, nowhere else."""

import math
from pathlib import Path

import pytest
from conftest import RIGHT, Run, write

from cli import trail
from cli.trail import Trail, sparkline
from grader.sandbox.lookout import Progress


def test_sparkline_falls_with_the_loss() -> None:
    assert sparkline([7.0, 6.0, 5.0, 4.0, 3.0, 2.0, 1.0, 0.1]) == "█▇▆▅▄▃▂▁"


def test_sparkline_shows_orders_of_magnitude() -> None:
    assert sparkline([10.0**-number for number in range(8)]) == "█▇▆▅▄▃▂▁"


@pytest.mark.parametrize(
    ("values", "bars"),
    [
        ([], ""),
        ([3.0], "▁"),
        ([3.0, 3.0], "▁▁"),
        ([1.0, math.nan, 2.0, math.inf], "▁x█x"),
        ([math.nan], "x"),
        ([-1.7e308, 1.7e308], "▁█"),
        ([0.0, 0.0, 1.0], "▁▁█"),
    ],
)
def test_sparkline_of_odd_values(values: list[float], bars: str) -> None:
    assert sparkline(values) == bars


def test_sparkline_has_a_width() -> None:
    assert sparkline([*range(1000, 0, -1)], 4) == "█▆▃▁"


def test_text_has_loss_and_cpu_time() -> None:
    seen = Trail("fit")
    for loss in (2.0, 1.0, 0.2131):
        seen.note(Progress(loss=loss, cpu_s=3.14, limit_s=30.0))
    seen.note(Progress(loss=None, cpu_s=3.2, limit_s=30.0))

    assert seen.text(can_draw=True) == "fit  █▄▁  loss 0.213  3.2 of 30 CPU s"
    assert seen.text(can_draw=False) == "fit  loss 0.213  3.2 of 30 CPU s"


def test_line_is_drawn_ten_times_a_second() -> None:
    seen = Trail("fit")
    seen.note(Progress(loss=1.0, cpu_s=0.1, limit_s=30.0))

    assert [seen.is_due(now) for now in (5.0, 5.05, 5.11, 5.2, 5.22)] == [
        True,
        False,
        True,
        False,
        True,
    ]


def test_short_calls_without_a_loss_have_no_line() -> None:
    seen = Trail("fit")
    seen.note(Progress(loss=None, cpu_s=0.5, limit_s=30.0))

    assert not seen.is_due(1.0)


BUSY = RIGHT.replace(
    "    return x * x",
    "    import time\n    end = time.process_time() + 0.3\n"
    "    while time.process_time() < end:\n        pass\n    return x * x",
)


@pytest.mark.parametrize(
    ("terminal", "args", "is_drawn"),
    [
        ("xterm", (), True),
        ("xterm", ("--json",), False),
        ("dumb", (), False),
        ("", (), False),
    ],
)
def test_line_is_drawn_on_a_terminal_only(
    desk: Path,
    check: Run,
    monkeypatch: pytest.MonkeyPatch,
    terminal: str,
    args: tuple[str, ...],
    is_drawn: bool,
) -> None:
    write(desk / "lab1.py", BUSY)
    monkeypatch.setattr(trail, "SILENT_S", 0.0)
    if terminal:
        monkeypatch.setenv("FORCE_COLOR", "1")
        monkeypatch.setenv("TERM", terminal)

    result = check("-k", "square_table", *args)

    assert result.exit_code == 0, result.output
    assert ("of 0.5 CPU s" in result.stderr) is is_drawn
    assert "CPU s" not in result.stdout
