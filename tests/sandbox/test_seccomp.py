"""The seccomp filters: simulated for every architecture, and in force inside bubblewrap here."""

import errno
import importlib.util
import itertools
import json
import operator
import platform
import shutil
import struct
import subprocess
import sys
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import pytest

from grader.sandbox import seccomp

ARCHITECTURES = ("x86_64", "aarch64")
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7, "i386": 0x40000003}  # linux/audit.h
LIBSECCOMP = (2, 5, 4)  # the version that wrote the committed files
TOOL = Path(__file__).resolve().parents[2] / "tools" / "build_seccomp.py"

ALLOW, KILL_PROCESS, DENY = 0x7FFF0000, 0x80000000, 0x00050000
MARK = errno.ENOMEDIUM  # no system call of the probe gives this by itself

# x86_64 and aarch64 numbers, from the kernel's asm/unistd_64.h and asm-generic/unistd.h.
DENIED: dict[str, tuple[int, int | None]] = {
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "mount": (165, 40),
    "umount2": (166, 39),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "open_tree": (428, 428),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "unshare": (272, 97),
    "setns": (308, 268),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "keyctl": (250, 219),
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "userfaultfd": (323, 282),
    "personality": (135, 92),
    "modify_ldt": (154, None),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "settimeofday": (164, 170),
    "adjtimex": (159, 171),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
}
CLONE, CLONE3, IOCTL, SOCKET, SOCKETPAIR = (56, 220), (435, 435), (16, 29), (41, 198), (53, 199)
NAMESPACE_FLAGS = (0x20000, 0x2000000, 0x4000000, 0x8000000, 0x10000000, 0x20000000, 0x40000000)
THREAD_FLAGS = 0x3D0F00  # what libc's pthread_create passes
TIOCSTI, TIOCLINUX, TCGETS = 0x5412, 0x541C, 0x5401
HIGH = 1 << 32  # bits that the kernel ignores in an int argument

Call = tuple[tuple[int, int | None], tuple[int, ...]]

REFUSED: dict[str, Call] = {
    **{name: (numbers, ()) for name, numbers in DENIED.items()},
    **{f"clone {flag:#x}": (CLONE, (flag | 17,)) for flag in NAMESPACE_FLAGS},
    **{f"clone high {flag:#x}": (CLONE, (HIGH | flag,)) for flag in NAMESPACE_FLAGS},
    "ioctl TIOCSTI": (IOCTL, (0, TIOCSTI)),
    "ioctl TIOCSTI high": (IOCTL, (0, HIGH | TIOCSTI)),
    "ioctl TIOCLINUX": (IOCTL, (0, TIOCLINUX)),
    **{f"socket {n}": (SOCKET, (n, 1, 0)) for n in range(64) if n not in (1, 2, 10)},
    **{f"socket high {n}": (SOCKET, (HIGH | n, 1, 0)) for n in (3, 16, 17, 38, 40)},
    "socketpair vsock": (SOCKETPAIR, (40, 1, 0)),
}
PERMITTED: dict[str, Call] = {
    "clone for a thread": (CLONE, (THREAD_FLAGS,)),
    "clone for a fork": (CLONE, (0x1200011,)),
    "ioctl TCGETS": (IOCTL, (0, TCGETS)),
    **{f"socket {n}": (SOCKET, (n, 1, 0)) for n in (1, 2, 10)},
    "socketpair unix": (SOCKETPAIR, (1, 1, 0)),
    "openat": ((257, 56), ()),
    "execve": ((59, 221), ()),
    "futex": ((202, 98), ()),
    "mmap": ((9, 222), ()),
}

COMPARES = {0x15: operator.eq, 0x25: operator.gt, 0x35: operator.ge}


def decide(program: bytes, arch: int, number: int, args: Sequence[int] = ()) -> int:
    """Run a BPF program as the kernel does and return its verdict.

    Source: Linux Documentation/userspace-api/seccomp_filter.rst and linux/filter.h; only the
    instructions that libseccomp writes.
    """
    padded = [*args, *[0] * (6 - len(args))]
    data = struct.pack("<IIQ6Q", number, arch, 0, *padded)
    code = list(struct.iter_unpack("<HBBI", program))
    accumulator, at = 0, 0
    while True:
        operation, if_true, if_false, value = code[at]
        at += 1
        match operation:
            case 0x20:
                accumulator = struct.unpack_from("<I", data, value)[0]
            case 0x54:
                accumulator &= value
            case 0x05:
                at += value
            case 0x06:
                return value
            case _:  # a conditional jump; KeyError if libseccomp writes something new
                at += if_true if COMPARES[operation](accumulator, value) else if_false


def program_of(architecture: str) -> bytes:
    return (seccomp.FILTERS / f"{architecture}.bpf").read_bytes()


def verdicts(architecture: str, calls: dict[str, Call]) -> dict[str, int]:
    """Return what the program says about each call that exists on the architecture."""
    index, program = ARCHITECTURES.index(architecture), program_of(architecture)
    return {
        name: decide(program, AUDIT[architecture], number, args)
        for name, (numbers, args) in calls.items()
        if (number := numbers[index]) is not None
    }


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_calls_are_refused_by_program(architecture: str) -> None:
    answers = verdicts(architecture, REFUSED)

    assert len(answers) > 100
    assert {name for name, answer in answers.items() if answer != DENY | errno.EPERM} == set()


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_calls_are_permitted_by_program(architecture: str) -> None:
    answers = verdicts(architecture, PERMITTED)

    assert {name for name, answer in answers.items() if answer != ALLOW} == set()


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_clone3_does_not_exist_by_program(architecture: str) -> None:
    """ENOSYS, not EPERM: libc then falls back to clone, whose flags the filter can see."""
    verdict = decide(program_of(architecture), AUDIT[architecture], CLONE3[0])

    assert verdict == DENY | errno.ENOSYS


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_program_refuses_nothing_that_is_not_listed(architecture: str) -> None:
    index = ARCHITECTURES.index(architecture)
    listed = {numbers[index] for numbers in DENIED.values()} | {CLONE3[index]}
    listed |= {SOCKET[index], SOCKETPAIR[index]}  # with family 0

    refused = {
        number
        for number in range(1024)
        if decide(program_of(architecture), AUDIT[architecture], number) != ALLOW
    }

    assert refused == listed - {None}


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_calls_of_another_architecture_kill(architecture: str) -> None:
    """A 64-bit kernel also serves 32-bit calls, whose numbers mean other things."""
    others = [code for name, code in AUDIT.items() if name != architecture]

    answers = {decide(program_of(architecture), code, 1) for code in others}

    assert answers == {KILL_PROCESS}


def test_x32_calls_kill() -> None:
    verdict = decide(program_of("x86_64"), AUDIT["x86_64"], 0x40000000 | 101)

    assert verdict == KILL_PROCESS


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_committed_filter_is_what_the_tool_builds(architecture: str, tmp_path: Path) -> None:
    if importlib.util.find_spec("pyseccomp") is None:
        pytest.skip("pyseccomp is not installed")
    if libseccomp_version() != LIBSECCOMP:
        pytest.skip(f"libseccomp {libseccomp_version()} is not {LIBSECCOMP}")

    subprocess.run([sys.executable, str(TOOL), architecture, "--to", str(tmp_path)], check=True)

    assert (tmp_path / f"{architecture}.bpf").read_bytes() == program_of(architecture)


def libseccomp_version() -> tuple[int, int, int]:
    """Return the version of the library that pyseccomp loads."""
    import ctypes
    import ctypes.util

    library = ctypes.CDLL(ctypes.util.find_library("seccomp"))
    library.seccomp_version.restype = ctypes.POINTER(ctypes.c_uint * 3)
    major, minor, micro = library.seccomp_version().contents
    return major, minor, micro


@pytest.mark.parametrize("machine", ["riscv64", "s390x", ""])
def test_machine_without_a_filter_gets_none(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: machine)

    assert seccomp.filter_bytes.__wrapped__() is None


@pytest.mark.parametrize("machine", ARCHITECTURES)
def test_machine_gets_its_own_filter(machine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(platform, "machine", lambda: machine)
    monkeypatch.setattr(sys, "platform", "linux")

    assert seccomp.filter_bytes.__wrapped__() == program_of(machine)


# In force: inside bubblewrap

BWRAP = ["bwrap"]
TMP = "/tmp"
BOX = [
    *("--unshare-all", "--unshare-user", "--die-with-parent", "--new-session"),
    *("--uid", "65534", "--gid", "65534", "--cap-drop", "ALL", "--clearenv"),
    *("--setenv", "HOME", TMP, "--setenv", "MPLCONFIGDIR", f"{TMP}/mpl"),
    *("--setenv", "PATH", "/usr/bin:/bin", "--ro-bind", "/", "/", "--dev", "/dev"),
    *("--proc", "/proc", "--tmpfs", TMP),
    *("--ro-bind", sys.prefix, sys.prefix),  # a checkout below the temporary folder has it there
    *("--chdir", TMP, "--"),
]

PROBE = """
import ctypes, json, os, sys
libc = ctypes.CDLL(None, use_errno=True)
answers = {}
for name, number, args in json.loads(sys.argv[1]):
    ctypes.set_errno(0)
    padded = [ctypes.c_long(arg) for arg in [*args, *[0] * (6 - len(args))]]
    result = libc.syscall(ctypes.c_long(number), *padded)
    answers[name] = 0 if result >= 0 else ctypes.get_errno()
print(json.dumps(answers))
"""


@cache
def why_no_bwrap() -> str:
    """Return why the filter cannot be tried here, or an empty string."""
    if platform.machine() not in ARCHITECTURES or seccomp.filter_bytes() is None:
        return f"there is no filter for {platform.machine()}"
    if shutil.which("bwrap") is None:
        return "bubblewrap is not installed"
    command = [*BWRAP, *BOX, "/bin/true"]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if tried.returncode == 0 else f"bwrap says: {tried.stderr.strip()}"


def run_boxed(program: bytes, folder: Path, source: str, *args: str) -> str:
    """Run Python source in bubblewrap under a filter and return what it printed."""
    if reason := why_no_bwrap():
        pytest.skip(reason)
    path = folder / "filter.bpf"
    path.write_bytes(program)
    with path.open("rb") as file:
        command = [*BWRAP, "--seccomp", str(file.fileno()), *BOX, sys.executable, "-I", "-c"]
        done = subprocess.run(
            [*command, source, *args],
            pass_fds=[file.fileno()],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
    assert done.returncode == 0, done.stderr
    return done.stdout


def probe(program: bytes, folder: Path, calls: dict[str, Call]) -> dict[str, int]:
    """Make system calls in the sandbox and return the error number of each, 0 if it worked."""
    index = ARCHITECTURES.index(platform.machine())
    listed = [(name, numbers[index], args) for name, (numbers, args) in calls.items()]
    known = [entry for entry in listed if entry[1] is not None]
    answers = json.loads(run_boxed(program, folder, PROBE, json.dumps(known)))
    return {str(name): int(number) for name, number in answers.items()}


def marked(program: bytes) -> bytes:
    """Return the program with an error number of its own in place of each EPERM.

    Most refused calls also need a capability: only so can we tell that the filter refused them.
    """
    changed = [
        (0x06, 0, 0, DENY | MARK) if code == (0x06, 0, 0, DENY | errno.EPERM) else code
        for code in struct.iter_unpack("<HBBI", program)
    ]
    return struct.pack("<" + "HBBI" * len(changed), *itertools.chain.from_iterable(changed))


def test_every_refused_call_is_refused_by_the_filter_in_bwrap(tmp_path: Path) -> None:
    answers = probe(marked(program_of(platform.machine())), tmp_path, REFUSED)

    assert {name: answer for name, answer in answers.items() if answer != MARK} == {}


def test_every_refused_call_gives_eperm_in_bwrap(tmp_path: Path) -> None:
    answers = probe(program_of(platform.machine()), tmp_path, REFUSED)

    assert {name: answer for name, answer in answers.items() if answer != errno.EPERM} == {}


def test_clone3_gives_enosys_and_sockets_work_in_bwrap(tmp_path: Path) -> None:
    calls = {f"socket {n}": PERMITTED[f"socket {n}"] for n in (1, 2)}

    answers = probe(program_of(platform.machine()), tmp_path, {**calls, "clone3": (CLONE3, ())})

    assert answers == {"socket 1": 0, "socket 2": 0, "clone3": errno.ENOSYS}


WORK = {
    "threads": """
import threading
seen = []
threads = [threading.Thread(target=seen.append, args=(n,)) for n in range(4)]
[thread.start() for thread in threads]; [thread.join() for thread in threads]
print(len(seen) == 4)
""",
    "processes": """
import subprocess, sys
print(subprocess.run([sys.executable, "-c", "pass"]).returncode == 0)
""",
    "numpy": """
import numpy as np
np.save("/tmp/a.npy", np.arange(3)); x = np.ones((200, 200))
print(np.load("/tmp/a.npy").sum() == 3 and (x @ x)[0, 0] == 200)
""",
    "matplotlib": """
import matplotlib; matplotlib.use("Agg")
import matplotlib.pyplot as plt, os
plt.plot([0, 1], [1, 0]); plt.savefig("/tmp/a.png"); print(os.path.getsize("/tmp/a.png") > 1000)
""",
    "torch": """
import torch
torch.set_num_threads(2); torch.manual_seed(0)
x = torch.randn(64, 8); y = x.sum(1, keepdim=True)
model = torch.nn.Sequential(torch.nn.Linear(8, 16), torch.nn.ReLU(), torch.nn.Linear(16, 1))
optimiser = torch.optim.Adam(model.parameters(), lr=0.01); losses = []
for _ in range(30):
    optimiser.zero_grad(); loss = ((model(x) - y) ** 2).mean(); loss.backward(); optimiser.step()
    losses.append(loss.item())
torch.save(model.state_dict(), "/tmp/a.pt"); torch.load("/tmp/a.pt")
items = torch.utils.data.DataLoader(list(range(8)), num_workers=2)
print(losses[-1] < losses[0] and len(list(items)) == 8)
""",
}


@pytest.mark.parametrize("what", WORK)
def test_ordinary_work_is_not_disturbed_in_bwrap(what: str, tmp_path: Path) -> None:
    if what in ("numpy", "matplotlib", "torch") and importlib.util.find_spec(what) is None:
        pytest.skip(f"{what} is not installed")

    assert run_boxed(program_of(platform.machine()), tmp_path, WORK[what]).strip() == "True"
