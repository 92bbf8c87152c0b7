"""What the tests of the backends share: workers that run a given source, and lists of processes."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from grader.sandbox.backend import Backend, WorkerSpec
from grader.sandbox.client import Budget, Worker

SPEC = WorkerSpec(packages=("numpy",), memory_mib=192, processes=16, cpu_s=60)
PROBES = Path(__file__).resolve().parents[2] / "grader" / "sandbox" / "probes.py"

Start = Callable[..., Worker]


@contextmanager
def starting(backend: Backend) -> Iterator[Start]:
    """Give a function that starts a worker with a source loaded; all are closed at the end."""
    started: list[Worker] = []

    def start(source: str, *, name: str = "lab0", **changed: object) -> Worker:
        worker = Worker(backend, replace(SPEC, **changed), output_limit=1 << 16)
        started.append(worker)
        worker.connect(lab="lab0", allowed=["numpy"], budget=Budget(cpu_s=20))
        files = {"lab0.py": source.encode()}
        worker.load(
            files, list(files), name=name, module="lab0", alone=False, budget=Budget(cpu_s=20)
        )
        return worker

    yield start
    for worker in started:
        if worker.connection.fileno() >= 0:
            worker.close()


def call(worker: Worker, function: str, *args: object, cpu_s: float = 20.0) -> object:
    """Call a function of the source."""
    budget = Budget(cpu_s=cpu_s, since_cpu_s=worker.cpu_seconds())
    return worker.call(function, args, {}, module="lab0", seed=0, budget=budget)


def below(root: int) -> set[int]:
    """Return a process and all its descendants."""
    found, waiting = set(), [root]
    while waiting:
        pid = waiting.pop()
        found.add(pid)
        for task in os.listdir(f"/proc/{pid}/task"):
            children = Path(f"/proc/{pid}/task/{task}/children").read_text().split()
            waiting += map(int, children)
    return found


def traces() -> dict[str, object]:
    """Return what a worker that is not cleaned up would change in this process."""
    return {
        "descriptors": len(os.listdir("/proc/self/fd")),
        "children": below(os.getpid()),
        "mounts": Path("/proc/self/mountinfo").read_text(),
    }
