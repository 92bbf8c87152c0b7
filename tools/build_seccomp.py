"""Write grader/sandbox/filters/<arch>.bpf: the system calls that student code may not make.

Usage: python tools/build_seccomp.py x86_64 aarch64 [--to FOLDER]
Needs pyseccomp and libseccomp; both build either architecture on either. The files are committed
because neither is wanted where dlab runs. libseccomp 2.5.4 wrote them; another version may order
the same rules differently, so `tests/sandbox/test_seccomp.py` compares bytes for that one only.

The filter is the second wall: behind it stand namespaces without capabilities. So it allows by
default (torch makes an allow-list brittle) and refuses what reaches much of the kernel and what
numerical code never needs. EPERM is an error that programs handle; a killed one explains nothing.
"""

import argparse
import errno
import os
from pathlib import Path

import pyseccomp

TARGET = Path(__file__).resolve().parents[1] / "grader" / "sandbox" / "filters"
ARCHITECTURES = {"x86_64": pyseccomp.Arch.X86_64, "aarch64": pyseccomp.Arch.AARCH64}

OTHER_PROCESSES = ["ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp"]
MOUNTS = [
    *("mount", "umount2", "mount_setattr", "move_mount", "open_tree"),
    *("fsopen", "fsconfig", "fsmount", "fspick", "pivot_root", "chroot"),
]
NAMESPACES = ["unshare", "setns"]
KEYRINGS = ["add_key", "request_key", "keyctl"]
ATTACK_SURFACE = [
    *("bpf", "perf_event_open", "userfaultfd", "personality", "modify_ldt"),
    *("io_uring_setup", "io_uring_enter", "io_uring_register"),
]
MACHINE = [
    *("kexec_load", "kexec_file_load", "init_module", "finit_module", "delete_module"),
    *("quotactl", "quotactl_fd", "clock_settime", "clock_adjtime", "settimeofday", "adjtimex"),
]
FILES_BY_HANDLE = ["name_to_handle_at", "open_by_handle_at", "fanotify_init", "fanotify_mark"]
UNCOUNTED_MEMORY = ["memfd_create", "memfd_secret"]  # RLIMIT_DATA does not see it
DENIED = [
    *(*OTHER_PROCESSES, *MOUNTS, *NAMESPACES, *KEYRINGS, *ATTACK_SURFACE, *MACHINE),
    *(*FILES_BY_HANDLE, *UNCOUNTED_MEMORY),
]

# Source: include/uapi/linux/sched.h. Not CLONE_NEWTIME: in clone() its bit belongs to the signal.
CLONE_NAMESPACES = {
    "CLONE_NEWNS": 0x00020000,
    "CLONE_NEWCGROUP": 0x02000000,
    "CLONE_NEWUTS": 0x04000000,
    "CLONE_NEWIPC": 0x08000000,
    "CLONE_NEWUSER": 0x10000000,
    "CLONE_NEWPID": 0x20000000,
    "CLONE_NEWNET": 0x40000000,
}
# Source: include/uapi/asm-generic/ioctls.h and Documentation of TIOCLINUX. Both type into the
# terminal that dlab was started from.
TERMINAL_INJECTION = {"TIOCSTI": 0x5412, "TIOCLINUX": 0x541C}
FAMILIES = {"AF_UNIX": 1, "AF_INET": 2, "AF_INET6": 10}
LOW_32_BITS = 0xFFFFFFFF


def build(architecture: str) -> pyseccomp.SyscallFilter:
    """Return the filter of an architecture; any other architecture's calls kill the process."""
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    if ARCHITECTURES[architecture] != pyseccomp.system_arch():
        rules.add_arch(ARCHITECTURES[architecture])
        rules.remove_arch(pyseccomp.Arch.NATIVE)
    rules.set_attr(pyseccomp.Attr.ACT_BADARCH, pyseccomp.KILL_PROCESS)
    for name in DENIED:
        if pyseccomp.resolve_syscall(ARCHITECTURES[architecture], name) >= 0:  # exists there
            rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name)
    # The flags of clone3 lie in memory, where no filter sees them; libc then falls back to clone.
    rules.add_rule(pyseccomp.ERRNO(errno.ENOSYS), "clone3")
    deny_clone(rules)
    deny_ioctl(rules)
    deny_sockets(rules)
    return rules


def deny_clone(rules: pyseccomp.SyscallFilter) -> None:
    """Refuse clone() with any flag that makes a namespace."""
    for flag in CLONE_NAMESPACES.values():
        compare = pyseccomp.Arg(0, pyseccomp.MASKED_EQ, flag, flag)
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "clone", compare)


def deny_ioctl(rules: pyseccomp.SyscallFilter) -> None:
    """Refuse to type into a terminal. The kernel reads 32 bits of the request (CVE-2019-10063)."""
    for request in TERMINAL_INJECTION.values():
        compare = pyseccomp.Arg(1, pyseccomp.MASKED_EQ, LOW_32_BITS, request)
        rules.add_rule(pyseccomp.ERRNO(errno.EPERM), "ioctl", compare)


def deny_sockets(rules: pyseccomp.SyscallFilter) -> None:
    """Refuse every address family but three; a network namespace does not cover AF_VSOCK.

    The comparisons are of 64 bits, and above the last family all is refused, so a family hidden
    behind high bits is refused as well.
    """
    allowed = sorted(FAMILIES.values())
    between = [family for family in range(allowed[-1]) if family not in allowed]
    compares = [pyseccomp.Arg(0, pyseccomp.EQ, family) for family in between]
    compares.append(pyseccomp.Arg(0, pyseccomp.GT, allowed[-1]))
    for compare in compares:
        for name in ("socket", "socketpair"):
            rules.add_rule(pyseccomp.ERRNO(errno.EPERM), name, compare)


def write(architecture: str, folder: Path) -> None:
    """Write one filter, the same bytes every time."""
    with (folder / f"{architecture}.bpf").open("wb") as file:
        build(architecture).export_bpf(file)
        os.fsync(file.fileno())


def main() -> None:
    """Write the filters of the architectures that were asked for."""
    parser = argparse.ArgumentParser(description="Write the seccomp filters.")
    parser.add_argument("architectures", nargs="+", choices=sorted(ARCHITECTURES))
    parser.add_argument("--to", type=Path, default=TARGET, help="folder to write into")
    arguments = parser.parse_args()
    for architecture in arguments.architectures:
        write(architecture, arguments.to)


if __name__ == "__main__":
    main()
