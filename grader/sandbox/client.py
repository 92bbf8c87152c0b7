"""The trusted side of a worker: starts, calls, times and ends it. Believes nothing it says."""

import select
import socket
import struct
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.errors import (
    SubmissionError,
    WorkerCrashError,
    WorkerProtocolError,
    WorkerTimeoutError,
)
from grader.sandbox import wire
from grader.sandbox import worker as _compiled  # noqa: F401  leaves its bytecode for the worker
from grader.sandbox.backend import Backend, WorkerSpec
from grader.sandbox.lookout import Follow, Lookout
from grader.sandbox.output import OutputDrain
from grader.sandbox.shelf import Shelf
from grader.text import clean

SHELF = Shelf()
Tensor = wire.Tensor  # an argument that is to arrive as a torch tensor
MAX_CALLBACKS = 100_000  # calls of one function argument during one call
MAX_CALLBACK_BYTES = 1 << 30  # of their arguments, which a check may keep
MAX_PLACES = 6  # frames of a student's traceback
WALL_FACTOR, WALL_EXTRA_S = 4.0, 10.0  # a loaded machine may make honest code this much slower
IDLE_S = 10.0  # without any CPU time used: it sleeps or waits for something that never comes
POLL_S = 0.05
SETTLE_S = 0.0004  # the kernel's clock of another process is exact only once it sleeps again


@dataclass(frozen=True, slots=True)
class Handle:
    """An object that stays in the worker; it can be called and passed back as an argument.

    Attributes:
        number: Its number in the worker.
        type_name: What the worker calls its type; for messages only.
        generation: Which worker holds it: after a crash the object is gone.
    """

    number: int
    type_name: str
    generation: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much a request may use.

    Attributes:
        cpu_s: CPU seconds allowed; also sets the wall-clock limit, and is named in messages.
        since_cpu_s: Reading of the worker's CPU clock from which they count.
        since: Reading of the monotonic clock from which wall-clock time counts; None is now.
    """

    cpu_s: float
    since_cpu_s: float = 0.0
    since: float | None = None

    @property
    def wall_s(self) -> float:
        """Wall-clock seconds after which it hangs, whatever the machine's load."""
        return WALL_FACTOR * self.cpu_s + WALL_EXTRA_S


class Worker:
    """One running worker process."""

    _generations = 0

    def __init__(
        self,
        backend: Backend,
        spec: WorkerSpec,
        *,
        output_limit: int,
        follow: Follow | None = None,
    ) -> None:
        """Start the process; `connect` must follow before anything else.

        Args:
            backend: What it runs in.
            spec: What it may use.
            output_limit: Bytes of its output that are kept.
            follow: Told how each request goes, for a person to look at; None for nobody.
        """
        self.lookout = Lookout(follow)
        Worker._generations += 1
        self.generation = Worker._generations
        self.calls = 0
        self.cpu_limit_s = spec.cpu_s
        self.callbacks: dict[int, Callable[..., object]] = {}
        self.callback_count = self.callback_bytes = 0
        self.connection, theirs = socket.socketpair()
        if hasattr(socket, "SO_PASSCRED"):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 1)
        self.output = OutputDrain(output_limit)
        try:
            self.process = backend.start(spec, theirs, self.output.descriptor)
        except BaseException:
            self.connection.close()
            self.output.finish()
            raise
        finally:
            theirs.close()
            self.output.close_writer()
        self.pid = 0
        self.connection.settimeout(0)

    def connect(self, *, lab: str, allowed: Sequence[str], budget: Budget) -> None:
        """Wait until it runs, learn its pid from the kernel, and have it limit itself."""
        deadline = time.monotonic() + budget.wall_s
        self._wait(select.POLLIN, lambda: _check_wall(deadline, "starting"))
        self.pid = self._peer_pid()
        hello, _ = self._receive(lambda: _check_wall(deadline, "starting"))
        if hello.get("kind") != "hello":
            raise WorkerProtocolError("the worker did not greet")
        limits = {**self.process.limits, "CPU": self.cpu_limit_s}
        setup = {"limits": limits, "allowed": list(allowed), "lab": lab}
        place = {"folder": self.process.folder, "watch": self.lookout.is_open}
        self.request({"kind": "setup"}, {**setup, **place}, budget=budget)

    def _peer_pid(self) -> int:
        """Return the worker's pid as the kernel vouches for it, before student code is loaded."""
        if not hasattr(socket, "SO_PASSCRED"):
            return int(getattr(self.process, "popen").pid)  # noqa: B009  only `plain` gets here
        space = socket.CMSG_SPACE(struct.calcsize("3i"))
        _, ancillary, *_ = self.connection.recvmsg(1, space, socket.MSG_PEEK)
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_PASSCRED, 0)
        for level, kind, content in ancillary:
            if (level, kind) == (socket.SOL_SOCKET, socket.SCM_CREDENTIALS):
                return int(struct.unpack("3i", content[: struct.calcsize("3i")])[0])
        raise WorkerProtocolError("the kernel did not name the worker's process")

    # Requests

    def load(
        self,
        files: Mapping[str, bytes],
        sources: Sequence[str],
        *,
        name: str,
        module: str,
        alone: bool,
        budget: Budget,
    ) -> tuple[str, ...]:
        """Write files and run the sources as one module; return the names of what is callable.

        Args:
            files: Relative path to content.
            sources: Which of them to run, in order, in one namespace.
            name: Under which `call` finds the module.
            module: The module's own name, such as "lab2".
            alone: Whether to remove it from the import system afterwards.
            budget: What loading may use.
        """
        content = {path: np.frombuffer(data, np.uint8) for path, data in files.items()}
        value = {"files": content, "sources": list(sources), "name": name, "module": module}
        names = self.request({"kind": "load"}, {**value, "alone": alone}, budget=budget)
        if not isinstance(names, list) or not all(isinstance(entry, str) for entry in names):
            raise WorkerProtocolError("the worker did not list the module's functions")
        return tuple(names)

    def call(
        self,
        target: str | Handle,
        args: Sequence[object],
        kwargs: Mapping[str, object],
        *,
        module: str,
        seed: int,
        budget: Budget,
        method: str = "",
        look: bool = False,
        kind: str = "call",
    ) -> object:
        """Call a function of a module, or a handle (or a method of it)."""
        header: dict[str, Any] = {"kind": kind, "module": module, "seed": seed, "look": look}
        header["target"] = self._number(target) if isinstance(target, Handle) else target
        header["method"] = method
        return self.request(header, (tuple(args), dict(kwargs)), budget=budget)

    def figure(self, handle: Handle, *, budget: Budget) -> object:
        """Read the data off a matplotlib figure."""
        return self.request({"kind": "figure", "target": self._number(handle)}, None, budget=budget)

    def request(self, header: dict[str, Any], value: object, *, budget: Budget) -> object:
        """Send one request and return its answer, serving callbacks meanwhile.

        Raises:
            SubmissionError: If the student's code raised or returned something unusable.
            SandboxError: If no well-formed answer came.
        """
        self.calls += 1
        self.callbacks.clear()
        self.callback_count = self.callback_bytes = 0
        self.lookout.begin(budget.cpu_s, budget.since_cpu_s)
        check = self._clock_check(budget)
        self._send({**header, "id": self.calls}, value, check)
        while True:
            answer, result = self._receive(check)
            if answer.get("kind") == "callback":
                self._serve_callback(answer, result, check)
            elif answer.get("kind") == "progress" and self.lookout.is_open:
                self.lookout.report(answer, result, self._cpu_now())
            else:
                break
        if answer.get("id") != self.calls:
            raise WorkerProtocolError("the worker answered another question")
        return self._result(answer, result)

    @staticmethod
    def _result(answer: dict[str, Any], result: object) -> object:
        kind = answer.get("kind")
        if kind == "value":
            return result
        message = clean(str(answer.get("message", "")))
        if kind == "unusable":
            text = "returned something that cannot be graded"
            raise SubmissionError(f"{text}: {message}", public=f"{text}.")
        if kind == "raised":
            name = clean(str(answer.get("type", "")), 80) or "Exception"
            raise SubmissionError(message, kind=name, places=_places(answer.get("places")))
        raise WorkerProtocolError("the worker sent an answer of an unknown kind")

    def _serve_callback(
        self, answer: dict[str, Any], args: object, check: Callable[[], None]
    ) -> None:
        """Run a function argument on our side and send back what it returns."""
        number = answer.get("callback")
        function = self.callbacks.get(number) if type(number) is int else None
        self.callback_count += 1
        if function is None or not isinstance(args, tuple):
            raise WorkerProtocolError("the worker called a function it was not given")
        self.callback_bytes += sum(arg.nbytes for arg in args if isinstance(arg, np.ndarray))
        if self.callback_bytes > MAX_CALLBACK_BYTES:
            raise WorkerProtocolError("the worker sent too much to a function it was given")
        if self.callback_count > MAX_CALLBACKS:
            raise WorkerTimeoutError(f"called a function argument over {MAX_CALLBACKS} times")
        try:
            result = function(*args)
            self._send({"kind": "returned"}, result, check)
        except (TypeError, ValueError, IndexError, AttributeError, ArithmeticError) as error:
            # the student passed something our function cannot work with
            message = f"the function that was passed in cannot be called like this: {error}"
            self._send({"kind": "refused", "message": message[:500]}, None, check)

    # The channel

    def _refer(self, value: object) -> wire.Reference | wire.Callback:
        if isinstance(value, Handle):
            return wire.Reference(self._number(value), value.type_name)
        if callable(value):
            number = len(self.callbacks)
            self.callbacks[number] = value
            return wire.Callback(number)
        raise TypeError(f"a check cannot send a {type(value).__name__} to a submission")

    def _number(self, handle: Handle) -> int:
        if handle.generation != self.generation:
            raise WorkerCrashError("the object was lost when the submission's process ended")
        return handle.number

    def _resolve(self, reference: wire.Reference | wire.Callback | wire.Tensor) -> object:
        if isinstance(reference, wire.Tensor):
            return reference.array
        if isinstance(reference, wire.Callback):
            raise wire.FrameError("a function of ours came back")
        return Handle(reference.number, reference.type_name, self.generation)

    def _send(self, header: dict[str, Any], value: object, check: Callable[[], None]) -> None:
        pieces, files = wire.encode(header, value, self._refer, SHELF.descriptor)
        for piece in pieces:
            view = memoryview(piece)
            while view:
                try:
                    if files:
                        sent = socket.send_fds(self.connection, [view], files)
                        files = []
                    else:
                        sent = self.connection.send(view)
                    view = view[sent:]
                except BlockingIOError:
                    self._wait(select.POLLOUT, check)
                except (BrokenPipeError, ConnectionResetError) as error:
                    raise self._crash() from error

    def _receive(self, check: Callable[[], None]) -> tuple[dict[str, Any], Any]:
        try:
            prefix = bytes(self._read(wire.LENGTHS.size, check))
            header_size, body_size = wire.parse_lengths(prefix)
            header = self._read(header_size, check)
            return wire.decode(header, self._read(body_size, check), self._resolve)
        except wire.FrameError as error:
            raise WorkerProtocolError(str(error)) from error

    def _read(self, size: int, check: Callable[[], None]) -> bytearray:
        buffer = bytearray(size)
        view, done = memoryview(buffer), 0
        while done < size:
            check()  # a worker that talks without end is watched too
            try:
                count = self.connection.recv_into(view[done:])
            except BlockingIOError:
                self._wait(select.POLLIN, check)
                continue
            except ConnectionResetError as error:
                raise self._crash() from error
            if count == 0:
                raise self._crash()
            done += count
        return buffer

    def _wait(self, event: int, check: Callable[[], None]) -> None:
        """Wait until the socket is ready; meanwhile watch the clocks and the process."""
        poll = select.poll()
        poll.register(self.connection, event)
        while not poll.poll(POLL_S * 1000):
            check()
            if not self.process.is_running():
                raise self._crash()

    def _crash(self) -> WorkerCrashError:
        return WorkerCrashError(f"the process ended ({self.process.end_reason()})")

    # Clocks

    def cpu_seconds(self) -> float:
        """Return the CPU time used so far, read from the kernel once the worker sleeps."""
        time.sleep(SETTLE_S)
        return self._cpu_now()

    def _cpu_now(self) -> float:
        try:
            return self.process.cpu_seconds(self.pid)
        except OSError:  # it has just ended
            return 0.0

    def _clock_check(self, budget: Budget) -> Callable[[], None]:
        """Return what is called now and then while waiting; it raises when time is up."""
        busy_at = time.monotonic()
        next_at = busy_at + POLL_S
        started = busy_at if budget.since is None else budget.since
        busy_cpu = 0.0

        def check() -> None:
            nonlocal busy_cpu, busy_at, next_at
            now = time.monotonic()
            if now < next_at:
                return
            next_at = now + POLL_S
            cpu = self._cpu_now()
            self.lookout.tell(cpu)
            if cpu > busy_cpu:
                busy_cpu, busy_at = cpu, now
            if cpu - budget.since_cpu_s > budget.cpu_s:
                raise WorkerTimeoutError(f"used more than {budget.cpu_s:g} CPU seconds")
            if now - busy_at > IDLE_S:
                raise WorkerTimeoutError(f"did nothing for {IDLE_S:g} seconds (sleep? input?)")
            if now - started > budget.wall_s:
                raise WorkerTimeoutError(f"gave no answer for {budget.wall_s:g} seconds")

        return check

    def close(self) -> str:
        """End the worker and everything it started; return what it printed."""
        self.connection.close()
        self.process.kill()
        return self.output.finish()


def _places(claimed: object) -> list[tuple[str, int]]:
    """Return the well-formed ones of the places a worker claims an exception came through."""
    entries = claimed[:MAX_PLACES] if isinstance(claimed, list) else []
    return [
        (entry[0], entry[1])
        for entry in entries
        if isinstance(entry, list)
        and len(entry) == 2
        and isinstance(entry[0], str)
        and type(entry[1]) is int
    ]


def _check_wall(deadline: float, doing: str) -> None:
    if time.monotonic() > deadline:
        raise WorkerTimeoutError(f"the worker hung while {doing}")


def protect_own_memory() -> None:
    """Make this process's memory and environment unreadable for others of the same user."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE, 0
