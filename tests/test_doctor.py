"""`dlab doctor`, and what grading believes of a self-test."""

import json
import os
import socket
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from grader import doctor
from grader.datasource import MNIST
from grader.errors import SandboxError
from grader.model import Protection
from grader.sandbox import protection, selftest
from grader.sandbox.backend import Process, WorkerSpec
from grader.sandbox.plain import PlainBackend
from grader.sandbox.protection import judge, memory_path, protection_of
from grader.sandbox.selftest import Finding, try_walls
from tests.miniature import copy_course, hidden_folder, lab_toml, replace_in
from tests.sandbox.walls import starting

ROOT = Path(__file__).resolve().parents[1]
WALLS = ("files", "network", "processes", "environment", "system calls")


@dataclass
class LyingBackend:
    """Starts plain workers and claims to have walls."""

    protection: Protection
    starts: int = 0

    def start(self, spec: WorkerSpec, connection: socket.socket, output: int) -> Process:
        """Start a plain worker."""
        self.starts += 1
        return PlainBackend("test").start(spec, connection, output)


def lying(*walls: str) -> LyingBackend:
    return LyingBackend(Protection(backend="bwrap", in_force=walls))


def by_name(findings: list[tuple[str, bool, str, str]]) -> dict[str, tuple[bool, str, str]]:
    return {name: (is_fine, detail, fix) for name, is_fine, detail, fix in findings}


@pytest.fixture(autouse=True)
def cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


# The report


@pytest.fixture(scope="module")
def grading_machine(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[bool, str, str]]:
    course = copy_course(tmp_path_factory.mktemp("doctor"))
    return by_name(doctor.run(str(course.root)))


@pytest.mark.parametrize(
    "name", ["Python", "dlab", "numpy", "pytest", "torch", "cores", "disk", "GPU", "course"]
)
def test_machine_is_looked_at(name: str, grading_machine: dict[str, tuple[bool, str, str]]) -> None:
    is_fine, detail, fix = grading_machine[name]

    assert detail
    assert is_fine or fix


def test_machine_with_hidden_checks_can_grade(
    grading_machine: dict[str, tuple[bool, str, str]],
) -> None:
    _, detail, _ = grading_machine["checks"]

    assert detail == "this machine can check every lab and grade every lab"


def test_machine_without_hidden_checks_can_check(tmp_path: Path) -> None:
    course = copy_course(tmp_path)
    (hidden_folder(course) / "checks.py").unlink()
    findings = by_name(doctor.run(str(course.root)))

    assert findings["checks"][0]
    assert "grade no lab: it has no hidden checks" in findings["checks"][1]


def test_missing_course_is_told(tmp_path: Path) -> None:
    is_fine, detail, fix = by_name(doctor.run(str(tmp_path)))["course"]

    assert not is_fine
    assert "there is no course.toml in that folder" in detail
    assert "dlab --course DIR doctor" in fix


def test_lab_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    course = copy_course(tmp_path)
    lab_toml(course).write_text("id = [")
    is_fine, detail, fix = by_name(doctor.run(str(course.root)))["lab9_tiny"]

    assert not is_fine
    assert "lab.toml" in detail
    assert "dlab validate lab9_tiny" in fix


def test_package_that_a_lab_needs_is_told(tmp_path: Path) -> None:
    course = copy_course(tmp_path)
    replace_in(lab_toml(course), "packages = [", 'packages = ["torch", ')
    script = f"""
import importlib.metadata, json, sys
real = importlib.metadata.version
def version(name):
    if name == "torch":
        raise importlib.metadata.PackageNotFoundError(name)
    return "1.0" if name == "numpy" else real(name)
importlib.metadata.version = version
from grader import doctor
print(json.dumps([f for f in doctor.run({str(course.root)!r}) if f[0] in ("torch", "numpy")]))
"""
    findings = by_name(json.loads(_python(script)))

    command = 'pip install "dlab[labs]"'
    assert findings["torch"] == (False, "not installed; a lab needs it", command)
    assert findings["numpy"][0] is False
    assert findings["numpy"][1].startswith("1.0; dlab needs >=")


def _python(script: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stderr == ""
    return done.stdout


@pytest.mark.parametrize("grades", [True, False])
def test_machine_without_bwrap_is_told_honestly(tmp_path: Path, *, grades: bool) -> None:
    """A student needs no sandbox; who grades does."""
    course = copy_course(tmp_path)
    if not grades:
        (hidden_folder(course) / "checks.py").unlink()
    run = f"doctor.run({str(course.root)!r})"
    script = f"import json; from grader import doctor; print(json.dumps({run}))"
    is_fine, detail, fix = by_name(json.loads(_python(script, PATH=str(tmp_path))))["sandbox"]

    assert is_fine is not grades
    assert "No wall around: files, network, processes, memory of all processes" in detail
    assert ("grade only what you trust" in detail) is grades
    assert "apt-get install bubblewrap" in fix


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        ("the program 'bwrap' is not installed", "apt-get install bubblewrap"),
        ("bubblewrap runs on Linux, this is darwin", "WSL2"),
        ("bwrap says: bwrap: Unknown option --disable-userns", "0.8 or newer"),
        ("bwrap says: bwrap: setting up uid map: Permission denied", "AppArmor"),
        ("bwrap says: bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted", "AppArmor"),
        ("bwrap says: bwrap: Can't mount proc on /newroot/proc", "container"),
        ("bwrap says: bwrap: No permissions to create new namespace", "user namespaces"),
        ("bwrap says: bwrap: something new", "docs/threat-model.md"),
    ],
)
def test_each_failure_of_bwrap_has_a_remedy(
    words: str, advice: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "find_backend", lambda: PlainBackend(words))
    finding = next(doctor._sandbox(doctor.Content()))

    assert words in finding.detail
    assert advice in finding.how_to_fix


def test_wall_that_does_not_hold_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "find_backend", lambda: lying("files"))
    walls = {finding.name: finding for finding in doctor._sandbox(doctor.Content())}
    finding = walls["wall: files"]

    assert not finding.is_fine
    assert finding.detail.startswith("DID NOT HOLD: read ")
    assert finding.how_to_fix.startswith("do not grade here")


# The self-test sees through a backend that claims too much


def test_walls_that_are_not_there_are_found_out() -> None:
    findings = {finding.wall: finding for finding in try_walls(lying(*WALLS), [ROOT])}
    files = " ".join(findings["files"].broken)

    assert all(findings[wall].broken for wall in ("files", "network", "processes", "system calls"))
    assert f"entries of {ROOT}" in files
    assert "found /tmp/dlab-" in files
    assert "a process of the grader was ended" in findings["processes"].broken
    assert "left a process behind" in findings["processes"].broken
    assert findings["environment"].broken == ()  # plain has that one


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("", "could not be tried: module 'lab0' has no attribute 'attack'"),
        ("def attack():\n    raise OSError('no')", "could not be tried: no"),
        ("import os\ndef attack():\n    os._exit(1)", "could not be tried: the process ended"),
        ("def attack():\n    return 'fine'", "gave no list"),
    ],
)
def test_attack_that_cannot_be_tried_does_not_count_as_held(source: str, words: str) -> None:
    with starting(PlainBackend("test")) as start:
        worker = start(source, name="probes")
        broken = selftest._call(worker, selftest.Attack("files", "attack"))

    assert words in broken[0]


def test_attack_that_costs_the_worker_its_life_met_a_wall() -> None:
    """The kernel may end the worker itself when its processes take too much."""
    with starting(PlainBackend("test")) as start:
        worker = start("import os\ndef attack():\n    os._exit(1)", name="probes")
        broken = selftest._call(worker, selftest.Attack("memory", "attack", is_fatal=True))

    assert broken == []


def test_lost_walls_are_missing() -> None:
    claimed = Protection(backend="bwrap", in_force=("files", "disk", "network"), missing=("x",))
    findings = [
        Finding(wall="files", tried=2, broken=("read it",)),
        Finding(wall="disk", tried=1, broken=()),
        Finding(wall="output limit", tried=1, broken=("kept all",)),
    ]
    tested = judge(claimed, findings)

    assert tested.in_force == ("disk",)
    assert tested.missing == (
        "x",
        "files (did not hold in the self-test)",
        "network (did not hold in the self-test)",  # claimed, but nothing tried it
        "output limit (did not hold in the self-test)",
    )


# What is remembered

HOLDS = "memory of one process"  # a wall that plain has


def test_plain_is_not_tested() -> None:
    backend = PlainBackend("it was asked for")

    assert protection_of(backend) is backend.protection
    assert not memory_path().exists()


def test_self_test_is_run_once() -> None:
    first, again = lying(HOLDS), lying(HOLDS)

    assert protection_of(first) == first.protection
    assert first.starts > 0
    assert protection_of(again) == again.protection
    assert again.starts == 0


def test_wall_that_did_not_hold_is_tried_again() -> None:
    for backend in (lying(HOLDS, "files"), lying(HOLDS, "files")):
        tested = protection_of(backend)

        assert tested.in_force == (HOLDS,)
        assert tested.missing == ("files (did not hold in the self-test)",)
        assert backend.starts > 0
    assert not memory_path().exists()


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"{}", b"\xff", b"[" * 100_000, b"x" * (1 << 17)]
)
def test_memory_that_cannot_be_read_is_not_believed(content: bytes) -> None:
    protection_of(lying(HOLDS))
    memory_path().write_bytes(content)
    backend = lying(HOLDS)
    protection_of(backend)

    assert backend.starts > 0


def test_memory_that_others_may_write_is_not_believed() -> None:
    protection_of(lying(HOLDS))
    memory_path().chmod(0o622)
    backend = lying(HOLDS)
    protection_of(backend)

    assert backend.starts > 0


def test_memory_behind_a_link_is_not_believed(tmp_path: Path) -> None:
    protection_of(lying(HOLDS))
    os.rename(memory_path(), tmp_path / "elsewhere.json")
    memory_path().symlink_to(tmp_path / "elsewhere.json")
    backend = lying(HOLDS)
    protection_of(backend)

    assert backend.starts > 0


@pytest.mark.parametrize(
    "fact", ["dlab", "sources", "walls", "python", "kernel", "boot", "bwrap", "user", "container"]
)
def test_memory_of_another_machine_is_not_believed(fact: str) -> None:
    protection_of(lying(HOLDS))
    known = json.loads(memory_path().read_text())
    memory_path().write_text(json.dumps({**known, fact: known[fact] + "x"}))

    assert protection._remembered() != protection._facts(lying(HOLDS).protection)


def test_other_walls_are_other_facts() -> None:
    claimed = lying(HOLDS).protection

    assert protection._facts(claimed) != protection._facts(replace(claimed, in_force=()))


def test_folder_that_cannot_be_written_costs_only_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    backend = lying(HOLDS)

    assert protection_of(backend) == backend.protection


def test_sandbox_that_does_not_start_is_an_error() -> None:
    backend = lying(HOLDS)

    def fail(*_: object) -> Process:
        raise SandboxError("no luck")

    backend.start = fail  # type: ignore[method-assign]  # this one object's

    with pytest.raises(SandboxError, match="no luck"):
        protection_of(backend)


# Datasets


@pytest.fixture
def named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder that DLAB_DATA names."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("DLAB_DATA", str(tmp_path))
    return tmp_path


def test_embedded_dataset_is_verified(named: Path) -> None:
    finding = doctor._dataset("digits", is_needed=True)

    assert finding.is_fine
    assert finding.detail == f"verified, in {Path(doctor.__file__).parent / 'data'}"


def test_dataset_that_no_lab_needs_may_be_elsewhere(named: Path) -> None:
    finding = doctor._dataset("mnist", is_needed=False)

    assert finding.is_fine
    assert finding.detail == (
        "not here; every lab runs without it. `dlab data fetch mnist` downloads it"
    )


@pytest.mark.parametrize("is_damaged", [False, True])
def test_dataset_that_is_needed_or_damaged_is_to_be_mended(is_damaged: bool, named: Path) -> None:
    if is_damaged:
        for file in MNIST.files:
            (named / file.name).write_bytes(b"")

    finding = doctor._dataset("mnist", is_needed=not is_damaged)

    assert not finding.is_fine
    assert ("has 0 of 47040016 bytes" if is_damaged else "is not on this machine") in finding.detail
    assert finding.how_to_fix == (
        "dlab data fetch mnist, or set DLAB_DATA to a folder that holds its files"
    )
