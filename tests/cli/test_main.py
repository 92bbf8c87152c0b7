"""The group: what importing costs, help, unknown commands."""

import importlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
from click.testing import Result

from cli.commands.quiz import COMMANDS as QUIZ_COMMANDS
from cli.main import COMMANDS, dlab
from grader import __version__

ROOT = Path(__file__).parents[2]
HEAVY = ("numpy", "torch", "pydantic", "pytest", "rich", "grader.sandbox", "grader.labs")
Run = Callable[..., Result]


def python(code: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    return done.stdout


@pytest.mark.parametrize("name", [*COMMANDS, ""])
def test_help_imports_nothing_heavy(name: str) -> None:
    found = python(
        "import sys; from click.testing import CliRunner; from cli.main import dlab\n"
        f"result = CliRunner().invoke(dlab, [*{[name] if name else []}, '--help'])\n"
        "assert result.exit_code == 0, result.output\n"
        f"print([name for name in {HEAVY} if name in sys.modules])"
    )

    assert found == "[]\n"


def test_help_of_the_group_imports_no_command() -> None:
    found = python(
        "import sys; from click.testing import CliRunner; from cli.main import dlab\n"
        "CliRunner().invoke(dlab, ['--help'])\n"
        "print([name for name in sys.modules if name.startswith('cli.commands')])"
    )

    assert found == "[]\n"


def test_help_costs_little_cpu() -> None:
    """Under 150 ms above bare Python, as the design promises; the best of five is measured."""
    measure = "import resource; print(resource.getrusage(resource.RUSAGE_SELF).ru_utime)"
    help_text = "from click.testing import CliRunner\nfrom cli.main import dlab\n"
    call = "CliRunner().invoke(dlab, ['--help'])\n"

    bare = min(float(python(measure)) for _ in range(5))
    ours = min(float(python(help_text + call + measure)) for _ in range(5))

    assert ours - bare < 0.150


@pytest.mark.parametrize("name", COMMANDS)
def test_table_says_what_the_command_says(name: str) -> None:
    """The text in the table is there so that nothing is imported; it must not drift."""
    module, text = COMMANDS[name]
    command = getattr(importlib.import_module(module), name)

    assert isinstance(command, click.Command)
    assert text.endswith(".")
    assert "Example" in (command.help or "")


@pytest.mark.parametrize("name", [*COMMANDS, "", *(f"quiz {name}" for name in QUIZ_COMMANDS)])
def test_help_fits_80_columns(name: str, run: Run) -> None:
    lines = run(*name.split(), "--help").output.splitlines()

    assert max(map(len, lines)) <= 80
    assert any(line.strip().startswith("dlab ") for line in lines)


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("chek", "There is no command 'chek'. Did you mean 'check'?"),
        ("SUBMIT", "There is no command 'SUBMIT'. Did you mean 'submit'?"),
        ("zzz", "There is no command 'zzz'. `dlab --help` lists the commands."),
    ],
)
def test_unknown_command_suggests_the_nearest(typed: str, text: str, run: Run) -> None:
    result = run(typed)

    assert result.exit_code == 2
    assert result.stderr == f"Error: {text}\n"


def test_unknown_option_exits_2(run: Run) -> None:
    assert run("--nonsense").exit_code == 2
    assert run("check", "lab1", "--nonsense").exit_code == 2


def test_version_is_the_engines(run: Run) -> None:
    assert run("--version").output == f"dlab, version {__version__}\n"


def test_no_command_shows_help(run: Run) -> None:
    assert "dlab check lab1" in run().output


def test_commands_are_listed_in_the_tables_order() -> None:
    assert dlab.list_commands(click.Context(dlab)) == list(COMMANDS)
