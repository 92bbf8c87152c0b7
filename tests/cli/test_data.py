"""`dlab data`, and what the other commands say about datasets."""

import json
import os
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import mirror
import pytest
from click.testing import Result
from mirror import FILES, FIRST, NAMES, TINY, Server, write_files
from test_datastore import REAL, needs_mnist

from cli.commands.data import data
from cli.setting import Setting
from grader.datasource import DIGITS, MNIST

Run = Callable[..., Result]
SETTING = Setting(sources={"digits": DIGITS, "tiny": TINY})


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the cache has the tiny dataset; nothing is there."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("DLAB_DATA", raising=False)
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "cache" / "dlab" / "tiny"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A mirror."""
    with mirror.serving() as found:
        monkeypatch.setenv("DLAB_MIRRORS", found.address("a"))
        yield found


@pytest.fixture
def show(run: Run) -> Run:
    """Run `dlab data` with the tiny dataset beside the digits."""
    return lambda *args: run("data", *args, setting=SETTING)


def flat(text: str) -> str:
    """Return text without its line breaks: a temporary folder's name may be long."""
    return " ".join(text.split())


MISSING = (
    "The dataset 'tiny' is not on this machine. `dlab data fetch tiny` downloads it; or set "
    "DLAB_DATA to a folder that holds its files."
)


def test_list_says_what_is_here_and_what_to_type(show: Run) -> None:
    result = show("list")

    assert result.exit_code == 0
    assert result.stdout.splitlines()[:3] == [
        "dataset  state     size      where",
        "digits   verified  47.6 KiB  part of dlab",
        "tiny     not here  2.7 KiB   -",
    ]
    assert flat(result.stdout).endswith(MISSING)
    assert result.stderr == ""


def test_list_needs_no_course(show: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLAB_COURSE", "/nowhere")

    assert show("list").exit_code == 0


def test_list_says_where(show: Run, folder: Path) -> None:
    write_files(folder, packed=True)

    assert f"tiny     not verified yet  2.7 KiB   {folder}\n" in show("list").stdout


def test_list_as_json(show: Run, folder: Path) -> None:
    digits, tiny = json.loads(show("list", "--json").stdout)
    assert (digits["name"], digits["state"], digits["is_embedded"]) == ("digits", "verified", True)
    assert (tiny["state"], tiny["folder"], tiny["problem"]) == ("missing", None, MISSING)

    write_files(folder)
    (_, tiny) = json.loads(show("list", "--json").stdout)
    assert (tiny["state"], tiny["folder"], tiny["problem"]) == ("unverified", str(folder), "")
    assert [file["name"] for file in tiny["files"]] == list(NAMES)
    assert tiny["files"][0]["size"] == len(FILES[FIRST])


def test_verify_finds_what_is_right(show: Run, folder: Path) -> None:
    write_files(folder)

    result = show("verify")

    assert result.exit_code == 0
    assert "tiny     verified" in result.stdout


def test_verify_finds_what_is_damaged(show: Run, folder: Path) -> None:
    (write_files(folder) / FIRST).write_bytes(b"")

    result = show("verify")
    assert result.exit_code == 1
    assert "tiny     damaged" in result.stdout
    problem = f"{folder / FIRST} has 0 of 1906 bytes. `dlab data fetch tiny` gets it again."
    assert problem in flat(result.stdout)

    result = show("verify", "tiny", "--json")
    assert result.exit_code == 1
    (found,) = json.loads(result.stdout)
    assert (found["state"], found["problem"]) == ("damaged", problem)


def test_verify_of_what_is_not_here_fails_only_if_it_is_named(show: Run) -> None:
    assert show("verify").exit_code == 0
    assert show("verify", "digits").exit_code == 0
    assert show("verify", "tiny").exit_code == 1


def test_path_prints_the_folder_and_nothing_else(show: Run, folder: Path) -> None:
    write_files(folder)

    assert show("path", "tiny").output == f"{folder}\n"
    assert json.loads(show("path", "tiny", "--json").output) == {"tiny": str(folder)}
    digits, tiny = show("path").output.splitlines()
    assert digits.split("\t")[0] == "digits"
    assert Path(digits.split("\t")[1], "digits.npz").is_file()
    assert tiny == f"tiny\t{folder}"


def test_path_of_what_is_not_here_says_what_to_type(show: Run) -> None:
    result = show("path", "tiny")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"Error: {MISSING}\n"
    assert show("path").output.splitlines()[1:] == []
    assert json.loads(show("path", "--json").output)["tiny"] is None


@pytest.mark.parametrize("command", ["fetch", "verify", "path"])
def test_unknown_dataset_exits_2(command: str, show: Run) -> None:
    result = show(command, "mnits")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "Error: There is no dataset 'mnits'. There are: digits, mnist.\n"


def test_fetch_without_a_terminal_prints_one_line(show: Run, server: Server, folder: Path) -> None:
    result = show("fetch", "tiny")

    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"tiny: 4 of 4 files fetched; all verified, in {folder}\n"
    assert show("fetch", "tiny").stdout == (f"tiny: nothing to fetch; all verified, in {folder}\n")


def test_fetch_of_all_takes_each(show: Run, server: Server) -> None:
    first, second = show("fetch").stdout.splitlines()

    assert first.startswith("digits: nothing to fetch; all verified, in ")
    assert second.startswith("tiny: 4 of 4 files fetched; all verified, in ")


def test_fetch_on_a_terminal_shows_a_bar_and_removes_it(
    show: Run, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")

    result = show("fetch", "tiny")

    assert result.exit_code == 0
    assert "tiny 4/4 verifying, 127.0.0.1:" in result.stderr
    assert result.stderr.endswith("\x1b[2K")  # the line is empty again
    assert "verifying" not in result.stdout


def test_fetch_offline_exits_4_and_says_what_to_do(
    show: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = f"http://127.0.0.1:{gone.getsockname()[1]}"
    monkeypatch.setenv("DLAB_MIRRORS", address)

    result = show("fetch", "tiny")

    assert (result.exit_code, result.stdout) == (4, "")
    first, second = result.stderr.splitlines()
    assert first == f"Error: {address}/tiny/{FIRST}.gz: Connection refused."
    assert second.startswith(f"Error: {FIRST} came from none of 1 mirrors. Try again later")
    assert f"into {folder}, or into a folder that DLAB_DATA names." in second


def test_fetch_with_a_wrong_mirror_exits_2(show: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLAB_MIRRORS", "mirror.example")

    result = show("fetch", "tiny")

    assert result.exit_code == 2
    assert "'mirror.example' is not an http:// or https:// address." in result.stderr


@pytest.mark.parametrize("name", ["list", "fetch", "verify", "path"])
def test_help_of_each_command_fits_and_has_an_example(name: str, run: Run) -> None:
    result = run("data", name, "--help")

    assert result.exit_code == 0
    assert "Example:\n    " in result.output
    assert max(map(len, result.output.splitlines())) <= 80


def test_help_lists_the_commands(run: Run) -> None:
    output = run("data", "--help").output

    assert all(f"\n  {name} " in output for name in data.commands)
    assert all(f"\n    {name} " in output for name in ("DLAB_DATA", "DLAB_MIRRORS"))


@needs_mnist
def test_mnist_can_be_fetched_from_a_closed_networks_mirror(
    run: Run, server: Server, tmp_path: Path
) -> None:
    """The real files through everything; the server has what DLAB_DATA would name."""
    real = next(place for place in (REAL, REAL / "mnist") if (place / f"{LAST}.gz").is_file())
    names = [file.name for file in MNIST.files]
    server.contents |= {f"mnist/{n}.gz": (real / f"{n}.gz").read_bytes() for n in names}

    result = run("data", "fetch", "mnist")

    assert result.exit_code == 0
    target = tmp_path / "cache" / "dlab" / "mnist"
    assert {name: os.path.getsize(target / name) for name in names} == {
        file.name: file.size for file in MNIST.files
    }


LAST = MNIST.files[-1].name


# What the other commands say


@pytest.fixture
def with_mnist(course: Path, desk: Path) -> None:
    """A lab that supports mnist, digits first, and a submission."""
    toml = course / "assignments" / "lab1_tiny" / "lab.toml"
    text = toml.read_text().replace("packages =", 'datasets = ["digits", "mnist"]\npackages =')
    toml.write_text(text)
    (desk / "lab1.py").write_text((toml.parent / "lab1.py").read_text())


def test_check_on_data_that_is_not_here_says_what_to_type(check: Run, with_mnist: None) -> None:
    result = check("--data", "mnist")

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Error: The dataset 'mnist' is not on this machine. `dlab dat")
    assert result.stderr.count("\n") == 1


def test_check_runs_on_embedded_data_where_the_other_is_not_here(
    check: Run, with_mnist: None
) -> None:
    assert "dataset digits" in check().stdout


@needs_mnist
def test_check_runs_on_mnist(check: Run, with_mnist: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DLAB_DATA", str(REAL))

    assert "dataset mnist" in check("--data", "mnist").stdout


@pytest.mark.parametrize("wanted", ["mnist", "digits"])
def test_grade_on_data_the_lab_does_not_support_exits_2(
    wanted: str, run: Run, staff_course: Path, desk: Path
) -> None:
    (desk / "anna.py").write_text("")

    result = run("grade", "lab1", str(desk), "--sandbox", "plain", "--data", wanted)

    assert result.exit_code == 2
    assert result.stderr.endswith(f"Error: lab1 has no dataset '{wanted}'. It uses none.\n")
    assert not (desk / "results").exists()
