"""Control groups of workers, with real groups and real processes where they may be made."""

import itertools
import os
import select
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from grader.errors import SandboxError
from grader.sandbox import cgroup, cgroup_place
from grader.sandbox.cgroup import Cgroup

NUMBERS = itertools.count()
ROOT = Path(__file__).resolve().parents[2]
IDLE = "print('ready', flush=True); input()"

Spawn = Callable[[str], "subprocess.Popen[str]"]


def fresh_name(pid: int = os.getpid()) -> str:
    return cgroup.new_name(pid, f"test{next(NUMBERS)}")


@pytest.fixture
def group() -> Iterator[Cgroup]:
    """A group of 64 MiB and 20 processes; skips where none may be made."""
    made = Cgroup.create(fresh_name(), memory_mib=64, pids=20)
    if made is None:
        pytest.skip("control groups may not be made here (no root, no delegated group)")
    yield made
    made.remove()


@pytest.fixture
def spawn() -> Iterator[Spawn]:
    """Start Python programs that wait for a line on their standard input before they go on."""
    started: list[subprocess.Popen[str]] = []

    def start(source: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", "-c", f"input()\n{source}"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def go(process: "subprocess.Popen[str]") -> str:
    """Let a started program go on; return the first line it prints."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    return process.stdout.readline().strip()


def exists(group: Cgroup) -> bool:
    return any(folder.exists() for folder in group.folders.values())


def test_added_process_and_its_children_are_members(group: Cgroup, spawn: Spawn) -> None:
    process = spawn("import os; child = os.fork(); child and print(child, flush=True); input()")
    group.add(process.pid)
    child = int(go(process) or 0)

    members = (group.folders["memory"] / "cgroup.procs").read_text().split()

    assert {str(process.pid), str(child)} <= set(members)


def test_memory_of_one_process_is_bounded(group: Cgroup, spawn: Spawn) -> None:
    process = spawn("x = b'x' * (200 << 20); print('survived', flush=True)")
    group.add(process.pid)

    printed = go(process)

    assert printed == ""
    assert process.wait() == -signal.SIGKILL
    assert group.was_oom_killed()


def test_memory_of_all_processes_together_is_bounded(group: Cgroup, spawn: Spawn) -> None:
    """Five times 30 MiB is more than 64, though each is less; no resource limit sees that."""
    source = "x = b'x' * (30 << 20); print('ready', flush=True); input()"
    processes = [spawn(source) for _ in range(5)]
    for process in processes:
        group.add(process.pid)

    for process in processes:
        go(process)

    assert group.was_oom_killed()
    assert (group.peak_memory_mib() or 0) <= 64


def test_memory_of_files_in_memory_is_bounded(group: Cgroup, spawn: Spawn) -> None:
    source = """
import os
descriptor = os.memfd_create("hog")
for _ in range(200):
    os.write(descriptor, b"x" * (1 << 20))
print("survived", flush=True)
"""
    process = spawn(source)
    group.add(process.pid)

    assert go(process) == ""
    assert group.was_oom_killed()


def test_group_within_its_limit_was_not_oom_killed(group: Cgroup, spawn: Spawn) -> None:
    process = spawn("x = b'x' * (20 << 20); print('survived', flush=True)")
    group.add(process.pid)

    assert go(process) == "survived"
    assert not group.was_oom_killed()


def test_number_of_processes_is_bounded(group: Cgroup, spawn: Spawn) -> None:
    source = """
import os
count = 0
try:
    for _ in range(100):
        if os.fork() == 0:
            input()
        count += 1
except BlockingIOError:
    print(count, flush=True)
    os._exit(0)
"""
    process = spawn(source)
    group.add(process.pid)

    assert go(process) == "19"


def test_number_of_threads_is_bounded(group: Cgroup, spawn: Spawn) -> None:
    source = """
import threading
stop = threading.Event()
try:
    for count in range(100):
        threading.Thread(target=stop.wait, daemon=True).start()
except RuntimeError:
    print(count, flush=True)
"""
    process = spawn(source)
    group.add(process.pid)

    assert go(process) == "19"


def test_cpu_time_counts_children_that_have_ended(group: Cgroup, spawn: Spawn) -> None:
    if "cpuacct" not in group.folders and not group.is_v2:
        pytest.skip("the cpuacct controller may not be used here")
    source = """
import os, time
def burn():
    while time.process_time() < 0.15: pass
for _ in range(2):
    child = os.fork()
    if child == 0:
        burn(); os._exit(0)
    os.waitpid(child, 0)
print(sum(os.times()[:4]), flush=True)
input()
"""
    process = spawn(source)
    group.add(process.pid)
    used = float(go(process))

    measured = group.cpu_seconds()

    assert measured is not None
    assert 0.29 < measured < used + 0.1  # os.times() counts in ticks of 10 ms


def test_peak_memory_is_told(group: Cgroup, spawn: Spawn) -> None:
    process = spawn("x = b'x' * (30 << 20); del x; print('done', flush=True)")
    group.add(process.pid)
    go(process)

    peak = group.peak_memory_mib()

    assert peak is not None
    assert 30 < peak <= 64


def test_removing_kills_what_is_left(group: Cgroup, spawn: Spawn) -> None:
    """A daemon that has left the session and ignores signals is found all the same."""
    source = """
import os, signal
signal.signal(signal.SIGTERM, signal.SIG_IGN)
if os.fork() == 0:
    os.setsid()
    print(os.getpid(), flush=True)
    while True: signal.pause()
os._exit(0)
"""
    process = spawn(source)
    group.add(process.pid)
    daemon = os.pidfd_open(int(go(process)))

    group.remove()

    assert not exists(group)
    poll = select.poll()
    poll.register(daemon, select.POLLIN)
    assert poll.poll(5000)  # a handle is readable once its process has ended
    os.close(daemon)


def test_removing_ends_a_fork_bomb(group: Cgroup, spawn: Spawn) -> None:
    source = """
import os
print("started", flush=True)
while True:
    try:
        os.fork()
    except OSError:
        pass
"""
    process = spawn(source)
    group.add(process.pid)
    go(process)

    group.remove()

    assert not exists(group)


def test_removing_twice_is_no_error(group: Cgroup) -> None:
    group.remove()
    group.remove()

    assert not exists(group)


def test_adding_a_process_that_has_ended_is_no_error(group: Cgroup, spawn: Spawn) -> None:
    process = spawn("pass")
    process.kill()
    process.wait()

    group.add(process.pid)

    assert (group.folders["pids"] / "cgroup.procs").read_text() == ""


def test_adding_to_a_removed_group_is_refused(group: Cgroup, spawn: Spawn) -> None:
    """A worker that was promised limits never runs without them."""
    process = spawn("pass")
    group.remove()

    with pytest.raises(SandboxError, match="could not be put into its control group"):
        group.add(process.pid)


def test_removed_group_tells_nothing(group: Cgroup) -> None:
    group.remove()

    assert group.cpu_seconds() is None
    assert group.peak_memory_mib() is None
    assert not group.was_oom_killed()


@pytest.mark.usefixtures("group")
def test_name_in_use_is_refused_and_its_group_kept(spawn: Spawn) -> None:
    name = fresh_name()
    first = Cgroup.create(name, memory_mib=64, pids=20)
    assert first is not None
    process = spawn(IDLE)
    first.add(process.pid)

    with pytest.raises(SandboxError, match="already"):
        Cgroup.create(name, memory_mib=64, pids=20)

    assert go(process) == "ready"
    first.remove()


def test_no_permission_gives_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cgroup, "find_place", lambda: None)

    assert Cgroup.create(fresh_name(), memory_mib=64, pids=20) is None
    assert not cgroup.is_available()
    assert cgroup.remove_stale() == 0


def test_group_that_fails_to_get_its_limits_is_refused_and_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plain folder has no pids.max; a limit that was promised is never left out."""
    folders = {"memory": tmp_path, "pids": tmp_path}
    place = cgroup_place.Place(folders=folders, is_v2=True)
    monkeypatch.setattr(cgroup, "find_place", lambda: place)

    with pytest.raises(SandboxError, match="no control group could be made: No such file"):
        Cgroup.create(fresh_name(), memory_mib=64, pids=20)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_finds_no_place_and_no_error() -> None:
    """The search itself runs without rights; nothing is raised."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.setuid(65534)
        os.write(writer, repr(cgroup_place.find_place.__wrapped__()).encode())
        os._exit(0)
    os.waitpid(child, 0)

    answer = os.read(reader, 1000)

    os.close(reader)
    os.close(writer)
    assert answer == b"None"


@pytest.mark.usefixtures("group")
def test_threads_that_ask_at_once_all_find_the_place() -> None:
    found = []
    threads = [
        threading.Thread(target=lambda: found.append(cgroup_place.find_place.__wrapped__()))
        for _ in range(8)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 8
    assert None not in found


# What dead graders leave


@pytest.mark.usefixtures("group")
def test_groups_of_dead_graders_are_removed(spawn: Spawn) -> None:
    grader = spawn("pass")
    grader.kill()
    grader.wait()
    left = Cgroup.create(fresh_name(grader.pid), memory_mib=64, pids=20)
    assert left is not None
    orphan = spawn(IDLE)
    left.add(orphan.pid)

    count = cgroup.remove_stale()

    assert count >= 1
    assert not exists(left)
    assert orphan.wait() == -signal.SIGKILL


def test_groups_of_living_graders_stay(group: Cgroup) -> None:
    cgroup.remove_stale()

    assert exists(group)


@pytest.mark.usefixtures("group")
def test_groups_that_are_not_ours_stay() -> None:
    place = cgroup.find_place()
    assert place is not None
    other = place.folders["pids"] / "dlab-grader"
    made_here = not other.exists()
    other.mkdir(exist_ok=True)

    cgroup.remove_stale()

    assert other.exists()
    if made_here:
        other.rmdir()


def test_group_of_another_pid_namespace_stays(group: Cgroup, spawn: Spawn) -> None:
    """Seen from a container that shares the control groups, our pid does not exist.

    A group that nothing has entered yet stays too: its worker is about to.
    """
    if shutil.which("unshare") is None:
        pytest.skip("unshare is not installed")
    source = "from grader.sandbox import cgroup; assert cgroup.remove_stale() == 0"
    command = [shutil.which("unshare") or "", "--pid", "--fork", "--mount-proc"]

    subprocess.run([*command, sys.executable, "-c", source], check=True, cwd=ROOT)

    assert exists(group)
    process = spawn(IDLE)
    group.add(process.pid)
    assert go(process) == "ready"


# Version 2, as far as it can be had without its controllers


@pytest.fixture
def second_version() -> Iterator[Cgroup]:
    """A group of version 2 without memory and pids; CPU time, kill and removal are real."""
    folder = Path("/sys/fs/cgroup/unified") / fresh_name()
    if not (folder.parent / "cgroup.procs").exists() or os.geteuid() != 0:
        pytest.skip("no second version is mounted at /sys/fs/cgroup/unified, or we are not root")
    folder.mkdir()
    made = Cgroup(folders={"memory": folder, "pids": folder}, is_v2=True)
    yield made
    made.remove()


def test_second_version_counts_cpu_time(second_version: Cgroup, spawn: Spawn) -> None:
    process = spawn(
        "import time\nwhile time.process_time() < 0.1: pass\nprint('', flush=True)\ninput()"
    )
    second_version.add(process.pid)
    go(process)

    used = second_version.cpu_seconds()

    assert used is not None
    assert 0.05 < used < 0.5


def test_second_version_kills_what_is_left(second_version: Cgroup, spawn: Spawn) -> None:
    process = spawn(IDLE)
    second_version.add(process.pid)

    second_version.remove()

    assert not exists(second_version)
    assert process.wait() == -signal.SIGKILL


def test_second_version_files_are_read_as_documented(tmp_path: Path) -> None:
    (tmp_path / "memory.peak").write_text("3145728\n")
    (tmp_path / "memory.events").write_text("low 0\nhigh 0\nmax 9\noom 1\noom_kill 1\n")
    group = Cgroup(folders={"memory": tmp_path, "pids": tmp_path}, is_v2=True)

    assert group.peak_memory_mib() == 3.0
    assert group.was_oom_killed()


@pytest.fixture
def delegated(tmp_path: Path) -> Path:
    """Plain files in place of a delegated group of version 2, by the documentation."""
    (tmp_path / cgroup_place.OWN_LEAF).mkdir()
    for name in ("cgroup.procs", "cgroup.subtree_control", f"{cgroup_place.OWN_LEAF}/cgroup.procs"):
        (tmp_path / name).touch()
    (tmp_path / "cgroup.controllers").write_text("cpu memory pids\n")
    return tmp_path


def test_grader_moves_into_a_leaf_before_it_hands_controllers_on(delegated: Path) -> None:
    assert cgroup_place._delegates(delegated)

    leaf = delegated / cgroup_place.OWN_LEAF
    assert (leaf / "cgroup.procs").read_text() == str(os.getpid())
    assert (delegated / "cgroup.subtree_control").read_text() == "+memory +pids"


def test_group_that_hands_controllers_on_already_is_left_alone(delegated: Path) -> None:
    (delegated / "cgroup.subtree_control").write_text("memory pids\n")

    assert cgroup_place._delegates(delegated)
    assert (delegated / cgroup_place.OWN_LEAF / "cgroup.procs").read_text() == ""


def test_group_without_the_controllers_is_not_used(delegated: Path) -> None:
    (delegated / "cgroup.controllers").write_text("cpu pids\n")

    assert not cgroup_place._delegates(delegated)


@pytest.mark.parametrize(
    ("root", "own", "expected"),
    [
        ("/", "/", "/mnt"),
        ("/", "/user/a", "/mnt/user/a"),
        ("/docker/1", "/docker/1/sub", "/mnt/sub"),
        ("/docker/1", "/", "/mnt"),
    ],
)
def test_own_group_is_found_below_the_mount(root: str, own: str, expected: str) -> None:
    assert cgroup_place._below(Path("/mnt"), root, own) == Path(expected)
