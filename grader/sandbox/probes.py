"""The attacks of the self-test. Loaded into a worker like a submission, never imported by dlab.

Each function tries to get past one wall and returns a list of what it managed to do, in words; an
empty list means that the wall held. `grader.sandbox.selftest` runs them and judges.
"""

import contextlib
import ctypes
import os
import platform
import signal
import socket
import sys

MIB = 1 << 20
REFUSED = (1, 13, 38)  # EPERM, EACCES, ENOSYS
# x86_64 and aarch64 numbers, from the kernel's asm/unistd_64.h and asm-generic/unistd.h.
CALLS = {
    "io_uring_setup": ((425, 425), (1, 0)),
    "bpf": ((321, 280), (0, 0, 0)),
    "keyctl": ((250, 219), (0, -3, 0)),  # KEYCTL_GET_KEYRING_ID of the session
    "perf_event_open": ((298, 241), (0, 0, -1, -1, 0)),
    "userfaultfd": ((323, 282), (1,)),
    "memfd_create": ((319, 279), (0, 0)),
    "unshare (new user namespace)": ((272, 97), (0x10000000,)),
    "unshare (new mount namespace)": ((272, 97), (0x00020000,)),
    "ptrace": ((101, 117), (0, 0, 0, 0)),  # PTRACE_TRACEME
    "process_vm_readv": ((310, 270), (1, 0, 0, 0, 0, 0)),
}


# files


def read_file(path: str) -> list[str]:
    """Read a file of the grader's."""
    try:
        with open(path) as file:
            return [f"read {len(file.read())} characters of {path}"]
    except OSError:
        return []


def list_folders(folders: list[str]) -> list[str]:
    """List folders of the grader's: the course, dlab itself."""
    seen = []
    for folder in folders:
        try:
            seen.append(f"listed {len(os.listdir(folder))} entries of {folder}")
        except OSError:
            continue
    return seen


def write_outside(folders: list[str]) -> list[str]:
    """Write a file into folders that are not its own."""
    written = []
    for folder in folders:
        path = os.path.join(folder, "dlab-probe")
        try:
            with open(path, "w") as file:
                file.write("x")
            os.remove(path)
        except OSError:
            continue
        written.append(f"wrote into {folder}")
    return written


def leave_file(folders: list[str], name: str) -> list[str]:
    """Leave a file for another submission that runs at the same time."""
    for folder in folders:
        try:
            with open(os.path.join(folder, name), "w") as file:
                file.write("x")
        except OSError:
            continue
    return []


def find_file(folders: list[str], name: str) -> list[str]:
    """Find what another submission has left."""
    found = []
    for folder in folders:
        path = os.path.join(folder, name)
        if os.path.exists(path):
            os.remove(path)
            found.append(f"found {path}")
    return found


def fill_disk(folders: list[str], total_mib: int) -> list[str]:
    """Write files of 32 MiB until there is no more room."""
    block, written, paths = b"x" * MIB, 0, []
    for folder in folders:
        for number in range(total_mib // 32):
            paths.append(os.path.join(folder, f"dlab-fill{number}"))
            try:
                with open(paths[-1], "wb", buffering=0) as file:
                    for _ in range(32):
                        written += file.write(block)
            except OSError:
                break
    for path in paths:
        if os.path.exists(path):
            os.remove(path)
    return [f"wrote {written // MIB} MiB"] if written >= total_mib * MIB else []


# network


def connect(port: int, name: str) -> list[str]:
    """Reach a server of the grader's, over TCP and over an abstract unix socket."""
    reached = []
    with socket.socket() as link:
        link.settimeout(1)
        if link.connect_ex(("127.0.0.1", port)) == 0:
            reached.append("connected to a TCP port of the grader")
    with socket.socket(socket.AF_UNIX) as link:
        link.settimeout(1)
        with contextlib.suppress(OSError):
            link.connect("\0" + name)
            reached.append("connected to a unix socket of the grader")
    return reached


def find_route() -> list[str]:
    """Find a way out; an address for documentation (RFC 5737), and nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        try:
            link.connect(("192.0.2.1", 9))
        except OSError:
            return []
    return ["found a route to the outside"]


# processes


def see_processes() -> list[str]:
    """See processes other than its own and the sandbox's init."""
    pids = {int(name) for name in os.listdir("/proc") if name.isdigit()} - {1, os.getpid()}
    return [f"saw {len(pids)} other processes"] if pids else []


def end_process(pid: int) -> list[str]:
    """End a process of the grader's."""
    try:
        os.kill(pid, signal.SIGKILL)
    except OSError:
        return []
    return [f"ended process {pid}"]


def fork_many(bound: int) -> list[str]:
    """Have more processes than the lab allows."""
    pids: list[int] = []
    while len(pids) <= bound:
        try:
            pid = os.fork()
        except OSError:
            break
        if pid == 0:
            signal.pause()
            os._exit(0)
        pids.append(pid)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    return [f"had {len(pids)} processes"] if len(pids) > bound else []


def leave_process(seconds: str) -> list[str]:
    """Leave a process that belongs to nobody; what it is called tells it from all others."""
    ready, held = os.pipe()  # both ends close by themselves when the daemon becomes `sleep`
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            os.execv("/usr/bin/sleep", ["sleep", seconds])  # noqa: S606  as a daemon would
        os._exit(0)
    os.wait()
    os.close(held)
    os.read(ready, 1)
    os.close(ready)
    return []


# environment


def read_environment(secret: str) -> list[str]:
    """Find a variable of the grader's."""
    places = ["/proc/self/environ", "/proc/1/environ", f"/proc/{os.getppid()}/environ"]
    found = ["its own environment"] if secret in os.environ.values() else []
    for place in places:
        try:
            with open(place, "rb") as file:
                if secret.encode() in file.read():
                    found.append(place)
        except OSError:
            continue
    return [f"found it in {place}" for place in found]


# memory


def take_memory(total_mib: int) -> list[str]:
    """Take more memory than the lab allows, in one process."""
    try:
        held = bytearray(total_mib * MIB)
    except MemoryError:
        return []
    return [f"took {len(held) // MIB} MiB in one process"]


def take_memory_together(count: int, each_mib: int) -> list[str]:
    """Take more memory than the lab allows, in several processes at once."""
    ready, says_ready = os.pipe()
    pids = []
    for _ in range(count):
        pid = os.fork()
        if pid == 0:
            os.close(ready)
            try:
                held = bytearray(b"x") * (each_mib * MIB)
                os.write(says_ready, bytes(held[:1]))
                os.close(says_ready)
                signal.pause()
            finally:
                os._exit(0)
        pids.append(pid)
    os.close(says_ready)
    done = 0
    while os.read(ready, 1):  # ends when each has said so or is dead
        done += 1
    os.close(ready)
    alive = 0
    for pid in pids:
        alive += os.waitpid(pid, os.WNOHANG)[0] == 0
        try:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        except OSError:
            continue
    took_all = done == alive == count
    return [f"took {count * each_mib} MiB in {count} processes"] if took_all else []


# system calls


def call_kernel() -> list[str]:
    """Make system calls that a submission does not need and that have been used to break out."""
    machine = platform.machine()
    if machine not in ("x86_64", "aarch64"):
        return [f"there is no filter for {machine}"]
    libc = ctypes.CDLL(None, use_errno=True)
    reached = []
    for name, (numbers, arguments) in CALLS.items():
        ctypes.set_errno(0)
        words = [ctypes.c_long(argument) for argument in arguments]
        number = numbers[machine == "aarch64"]
        if os.fork() == 0:  # some change the process that makes them
            result = libc.syscall(ctypes.c_long(number), *words)
            os._exit(0 if result == -1 and ctypes.get_errno() in REFUSED else 1)
        if os.wait()[1]:
            reached.append(f"{name} was not refused")
    return reached


def open_vsock() -> list[str]:
    """Make a socket that no network namespace covers."""
    if not hasattr(socket, "AF_VSOCK"):
        return []
    try:
        socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM).close()
    except OSError:
        return []
    return ["made a socket to the machine's host"]


# output


def flood(total_mib: int) -> list[str]:
    """Print without end."""
    for _ in range(total_mib * 16):
        sys.stdout.write("x" * (MIB // 16))
    return []
