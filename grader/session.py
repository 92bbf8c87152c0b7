"""A submission's worker over all its checks: started when needed, replaced after a crash."""

import math
import random
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np

from grader.errors import SandboxError, SubmissionError, WorkerTimeoutError
from grader.model import Lab
from grader.sandbox.backend import Backend, WorkerSpec
from grader.sandbox.client import Budget, Handle, Worker
from grader.sandbox.lookout import Follow
from grader.sandbox.memory import Peak, forget_peak, peak_bytes, resident_bytes
from grader.sandbox.packages import import_names, installed

CPU_BACKSTOP = 20  # of the limit that the grader enforces; staff's worker serves many submissions


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Code to be loaded into a worker as one module.

    Attributes:
        files: Relative path to content; all are written, so that the main one can import them.
        run: Which of them are executed, in order, in one namespace.
        module: The module's name, such as "lab2".
    """

    files: Mapping[str, bytes]
    run: tuple[str, ...]
    module: str

    @property
    def text(self) -> bytes:
        """Return what is executed as one file, as a student would hand it in."""
        return b"\n\n".join(self.files[name] for name in self.run)


@dataclass(slots=True)
class Session:
    """Serves the calls of one source, or of several that share a worker (known mistakes).

    Attributes:
        seed: Seeds the global generators before every call, together with the check's id.
        device: Where torch computes; "cuda" lets the worker reach the GPUs.
        is_bounded: Whether the limit on all checks together holds; not for staff's own code.
        remarks: What staff should know: crashes, protocol violations, restarts.
        follow: Told how each request goes, for a person to look at; None for nobody.
    """

    backend: Backend
    lab: Lab
    sources: Mapping[str, Source]
    seed: int
    threads: int = 1
    device: str = "cpu"
    is_bounded: bool = True
    remarks: list[str] = field(default_factory=list)
    output: str = ""
    follow: Follow | None = None
    _worker: Worker | None = None
    _loaded: set[str] = field(default_factory=set)
    _failed: dict[str, SubmissionError | SandboxError] = field(default_factory=dict)
    _call_seed: int = 0
    _cpu_before: float = 0.0  # of workers that have ended
    _since_cpu_s: float = 0.0  # reading of the worker's clock when the check began
    _since: float = 0.0  # the monotonic clock then
    _waited_s: float = 0.0  # wall-clock time of the checks so far
    _is_used_up: bool = False

    def begin_check(self, check_id: str) -> None:
        """Start a check: its CPU budget begins, its seed is set."""
        self._call_seed = (self.seed * 1_000_003 + crc32(check_id.encode())) % 2**31
        used = self.cpu_seconds()
        self._since_cpu_s = used - self._cpu_before
        self._since = time.monotonic()
        budget = Budget(cpu_s=self.lab.limits.submission_cpu_s)
        is_over = used > budget.cpu_s or self._waited_s > budget.wall_s  # sleeping costs time too
        self._is_used_up = self.is_bounded and is_over

    def end_check(self) -> None:
        """Charge the check's wall-clock time; what dlab does between checks is not charged."""
        self._waited_s += time.monotonic() - self._since

    def start(self) -> Worker:
        """Return the running worker, starting one if there is none."""
        if self._worker is None:
            limits = self.lab.limits
            packages = installed(self.lab.packages)
            spec = WorkerSpec(
                packages=packages,
                memory_mib=limits.memory_mib,
                processes=limits.processes,
                cpu_s=CPU_BACKSTOP * math.ceil(limits.submission_cpu_s + limits.import_cpu_s),
                threads=self.threads,
                has_gpu=self.device == "cuda",
            )
            self._since_cpu_s = 0.0
            self._worker = Worker(
                self.backend, spec, output_limit=limits.output_kib << 10, follow=self.follow
            )
            self._loaded.clear()
            allowed = sorted(import_names(packages))
            try:
                self._worker.connect(
                    lab=self.lab.short_id, allowed=allowed, budget=Budget(cpu_s=limits.import_cpu_s)
                )
            except SandboxError:
                self._end_worker()
                raise
        return self._worker

    def load(self, name: str) -> Worker:
        """Load a source; what failed once is not tried again."""
        if name in self._failed:
            raise self._failed[name]
        worker = self.start()
        if name not in self._loaded:
            source = self.sources[name]
            try:
                worker.load(
                    source.files,
                    source.run,
                    name=name,
                    module=source.module,
                    alone=len(self.sources) > 1,
                    budget=Budget(cpu_s=self.lab.limits.import_cpu_s),
                )
            except SandboxError as error:
                self._failed[name] = error
                self.lost(error)
                raise
            except SubmissionError as error:
                self._failed[name] = _import_error(self.lab, source.files, error)
                raise self._failed[name] from error
            self._loaded.add(name)
            self._since_cpu_s = worker.cpu_seconds()  # importing has a budget of its own
            self._since = time.monotonic()
        return worker

    def load_error(self, name: str) -> str:
        """Return why a source could not be loaded; empty if it was not tried or is there."""
        return str(self._failed.get(name, ""))

    def request(
        self,
        name: str,
        target: str | Handle,
        args: Sequence[object],
        kwargs: Mapping[str, object],
        *,
        look: bool = False,
        kind: str = "call",
        method: str = "",
    ) -> object:
        """Call a function of a source, or a kept object; a worker that does not answer is ended."""
        if self._is_used_up:
            raise WorkerTimeoutError("used up the time of all checks before")
        worker = self.load(name)
        try:
            return worker.call(
                target,
                args,
                kwargs,
                module=name,
                seed=self._call_seed,
                budget=self._budget(),
                look=look,
                kind=kind,
                method=method,
            )
        except SubmissionError as error:
            error.trace = quote(self.sources[name].files, error.places)
            raise
        except SandboxError as error:
            self.lost(error)
            raise

    def figure(self, handle: Handle) -> object:
        """Read a figure's data."""
        worker = self.start()
        try:
            return worker.figure(handle, budget=self._budget())
        except SandboxError as error:
            self.lost(error)
            raise

    def global_draws(self) -> object:
        """Draw once from each global generator of the worker."""
        return self.start().request({"kind": "draw"}, None, budget=self._budget())

    def seeded_draws(self) -> Mapping[str, float]:
        """Return what these draws are right after seeding."""
        legacy = np.random.RandomState(self._call_seed)
        return {
            "random": random.Random(self._call_seed).random(),  # noqa: S311  not for secrets
            "numpy.random": float(legacy.random_sample()),
        }

    def _budget(self) -> Budget:
        """Return what this check may still use."""
        limit = self.lab.limits.check_cpu_s
        return Budget(cpu_s=limit, since_cpu_s=self._since_cpu_s, since=self._since)

    def lost(self, error: SandboxError) -> None:
        """Note that the worker gave no answer, and end it."""
        self.remarks.append(f"{type(error).__name__}: {error}")
        self._end_worker()

    def cpu_seconds(self) -> float:
        """Return the CPU time of all workers so far."""
        return self._cpu_before + (self._worker.cpu_seconds() if self._worker else 0.0)

    def _end_worker(self) -> None:
        if self._worker is None:
            return
        worker, self._worker = self._worker, None
        if worker.pid:
            self._cpu_before += worker.cpu_seconds()
        limit = self.lab.limits.output_kib << 10
        self.output = (self.output + worker.close())[: limit + 100]

    def close(self) -> str:
        """End the worker and return what it printed."""
        self._end_worker()
        return self.output


@dataclass(frozen=True, slots=True)
class SessionProgram:
    """One source of a session, as `grader.testing` calls it."""

    session: Session
    name: str

    def call(
        self,
        target: str | Handle,
        args: Sequence[object],
        kwargs: Mapping[str, object],
        *,
        look: bool,
    ) -> object:
        """Call a function or a handle."""
        return self.session.request(self.name, target, args, kwargs, look=look)

    def ask(
        self, handle: Handle, method: str, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> object:
        """Call a method of an object that stayed in the worker."""
        return self.session.request(self.name, handle, args, kwargs, method=method)

    @contextmanager
    def peak_memory(self) -> Iterator[Peak]:
        """Watch the memory of what is called inside."""
        pid, peak = self.session.load(self.name).pid, Peak()
        before = resident_bytes(pid) if forget_peak(pid) else None
        yield peak
        after = peak_bytes(pid)
        if before is not None and after is not None:
            peak.bytes = max(after - before, 0)

    def overwrite(self, name: str, args: Sequence[object]) -> object:
        """Call, then change the arguments; return the result before and after."""
        return self.session.request(self.name, name, args, {}, kind="overwrite")

    def figure(self, handle: Handle) -> object:
        """Read a figure's data."""
        return self.session.figure(handle)

    def global_draws(self) -> object:
        """Draw once from each global generator."""
        return self.session.global_draws()

    def seeded_draws(self) -> Mapping[str, float]:
        """Return what these draws are right after seeding."""
        return self.session.seeded_draws()

    def cpu_seconds(self) -> float:
        """Return the CPU time so far."""
        return self.session.cpu_seconds()


def _import_error(lab: Lab, files: Mapping[str, bytes], error: SubmissionError) -> SubmissionError:
    """Say that the file could not be loaded, and why, in the student's terms."""
    if error.kind in ("SyntaxError", "IndentationError", "TabError"):
        message = f"{lab.file} is not valid Python: {error}"
    else:
        message = f"{lab.file} could not be imported: {error.kind}: {error}"
    trace = quote(files, error.places)
    return SubmissionError(message, kind=error.kind, trace=trace, is_loading=True)


def quote(files: Mapping[str, bytes], places: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    """Return the lines at some places of a submission; what is not in its files is left out."""
    quoted = []
    for name, number in places:
        lines = files.get(name, b"").decode("utf-8", "replace").splitlines()
        if 0 < number <= len(lines):
            inside = _function_around(lines, number)
            quoted.append(f"{name}, line {number}{inside}: {lines[number - 1].strip()[:200]}")
    return tuple(quoted)


def _function_around(lines: Sequence[str], number: int) -> str:
    """Return ", in <function>" for the definition that a line stands below, if there is one."""
    depth = _indent(lines[number - 1])
    for line in reversed(lines[: number - 1]):
        if line.strip() and _indent(line) < depth:
            if match := re.match(r"\s*(?:async\s+)?def\s+(\w+)", line):
                return f", in {match[1]}"
            depth = _indent(line)
    return ""


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
