"""The untrusted side: loads a submission, calls its functions, sends back what they return.

Student code runs in this very process, so nothing here is secret and nothing it says about itself
is believed. It may import the standard library, NumPy and the wire format, nothing else of dlab.
"""

import builtins
import contextlib
import copy
import functools
import importlib.abc
import importlib.machinery
import importlib.util
import inspect
import mmap
import os
import random
import socket
import sys
import threading
import time
import traceback
import types
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from grader.sandbox import wire

MESSAGE_LIMIT = 2000  # characters of an exception's message
MAX_PLACES = 6  # frames of the student's own files
REPORT_S = 0.1  # between two reports of a loss


class Loop:
    """Serves requests over a socket until it closes."""

    def __init__(self, connection: socket.socket) -> None:
        """Take over the connection; nothing is loaded yet."""
        self.connection = connection
        self.objects: dict[int, object] = {}
        self.modules: dict[str, types.ModuleType] = {}
        self.folder = ""
        self.is_watched = False
        self.lock = threading.RLock()

    # The channel

    def send(self, header: dict[str, Any], value: object = None) -> None:
        """Send one frame."""
        pieces, _ = wire.encode(header, value, self.refer)
        with self.lock:
            for piece in pieces:
                self.connection.sendall(piece)

    def read(self, size: int) -> bytearray:
        """Read exactly size bytes; the grader closing the socket ends this process."""
        buffer = bytearray(size)
        view, done = memoryview(buffer), 0
        while done < size:
            count = self.connection.recv_into(view[done:])
            if count == 0:
                os._exit(0)
            done += count
        return buffer

    def receive(self) -> tuple[dict[str, Any], Any]:
        """Wait for one frame."""
        prefix, files = self.read_prefix()
        header_size, body_size = wire.parse_lengths(prefix)
        return wire.decode(self.read(header_size), self.read(body_size), self.resolve, files)

    def read_prefix(self) -> tuple[bytes, list[mmap.mmap]]:
        """Read a frame's lengths, and map the files that come with them.

        The mapping is private: what the submission writes stays in its own memory.
        """
        size = wire.LENGTHS.size
        if not hasattr(socket, "recv_fds"):  # Windows
            return bytes(self.read(size)), []
        start, descriptors, *_ = socket.recv_fds(self.connection, size, wire.MAX_FILES)
        if not start:
            os._exit(0)
        files = []
        for descriptor in descriptors:
            files.append(mmap.mmap(descriptor, 0, access=mmap.ACCESS_COPY))
            os.close(descriptor)
        return start + bytes(self.read(size - len(start))), files

    def refer(self, value: object) -> wire.Reference:
        """Keep an object that cannot travel and return its number."""
        number = len(self.objects) + 1
        self.objects[number] = value
        return wire.Reference(number, type(value).__name__)

    def resolve(self, reference: wire.Reference | wire.Callback | wire.Tensor) -> object:
        """Turn a number back into the kept object, or into a function that calls the grader."""
        if isinstance(reference, wire.Tensor):
            import torch  # only labs that allow it are sent tensors

            array = reference.array
            array.setflags(write=True)  # mapped privately, or its own: nobody else sees it
            return torch.from_numpy(array)
        if isinstance(reference, wire.Reference):
            return self.objects[reference.number]
        number = reference.number

        def call_grader(*args: object) -> object:
            with self.lock:
                self.send({"kind": "callback", "callback": number}, args)
                header, value = self.receive()
            if header["kind"] == "refused":
                raise TypeError(header["message"])
            return value

        return call_grader

    # The requests

    def serve(self) -> None:
        """Answer requests for ever."""
        requests: dict[str, Callable[[dict[str, Any], Any], object]] = {
            "setup": self.setup,
            "load": self.load,
            "call": self.call,
            "overwrite": self.overwrite,
            "draw": self.draw,
            "figure": self.figure,
        }
        while True:
            header, value = self.receive()
            self.answer(header, value, requests[header["kind"]])

    def answer(
        self, header: dict[str, Any], value: Any, request: Callable[[dict[str, Any], Any], object]
    ) -> None:
        """Run one request and send its outcome, whatever the student's code raises."""
        try:
            result = request(header, value)
            with contextlib.suppress(Exception):  # a submission may have closed or replaced it
                sys.stdout.flush()
            reply: dict[str, Any] = {"kind": "value", "id": header["id"]}
            try:
                self.send(reply, result)
            except wire.UnsupportedValueError as error:
                self.send({**reply, "kind": "unusable", "message": str(error)})
        except BaseException as error:  # noqa: BLE001  student code may raise anything at all
            self.send({"kind": "raised", "id": header["id"], **self.describe(error)})

    def describe(self, error: BaseException) -> dict[str, Any]:
        """Name an exception and the places in the student's own files it came through."""
        try:
            message = str(error)[:MESSAGE_LIMIT]
        except Exception:  # noqa: BLE001  the student's own __str__ may raise
            message = "(its message could not be read)"
        frames = [
            (f.f_code.co_filename, line) for f, line in traceback.walk_tb(error.__traceback__)
        ]
        if isinstance(error, SyntaxError) and error.filename:
            frames.append((error.filename, error.lineno or 0))
            message = str(error.msg)[:MESSAGE_LIMIT]
        places = [
            [os.path.relpath(path, self.folder).partition(os.sep)[2], line]
            for path, line in frames
            if self.folder and path.startswith(self.folder)
        ]
        return {"type": type(error).__name__, "message": message, "places": places[-MAX_PLACES:]}

    def setup(self, _header: dict[str, Any], value: Mapping[str, Any]) -> None:
        """Set limits and the import allow-list; comes first, before any student code."""
        set_limits(value["limits"])
        sys.meta_path.insert(0, AllowList(value["allowed"], value["lab"], value["folder"]))
        self.folder = value["folder"]
        self.is_watched = bool(value.get("watch"))
        os.makedirs(self.folder, exist_ok=True)
        os.chdir(self.folder)

    def load(self, _header: dict[str, Any], value: Mapping[str, Any]) -> list[str]:
        """Write the files, run the main one as a module, and list the functions it has.

        `sources` are run one after the other in one namespace: a solution and a mistake on top.
        """
        folder = os.path.join(self.folder, value["name"])
        os.makedirs(folder, exist_ok=True)
        for name, content in value["files"].items():
            path = os.path.join(folder, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            Path(path).write_bytes(content.tobytes())
        module = types.ModuleType(value["module"])
        sys.path.insert(0, folder)
        sys.modules[value["module"]] = module
        self.modules[value["name"]] = module
        for source in value["sources"]:
            module.__file__ = os.path.join(folder, source)
            code = compile(Path(module.__file__).read_bytes(), module.__file__, "exec")
            exec(code, module.__dict__)  # noqa: S102  this is what the sandbox is for
        if value["alone"]:
            sys.path.remove(folder)
            del sys.modules[value["module"]]
        return [str(name) for name, item in vars(module).items() if callable(item)]

    def call(self, header: dict[str, Any], value: tuple[Any, Any]) -> object:
        """Call a function by name, or an object (or its method) by reference."""
        args, kwargs = value
        target: Any = (
            self.objects[header["target"]]
            if isinstance(header["target"], int)
            else getattr(self.modules[header["module"]], header["target"])
        )
        if header.get("method"):
            target = getattr(target, header["method"])
        self.watch_losses()
        seed_everything(header["seed"])
        result = target(*args, **kwargs)
        if inspect.isgenerator(result):  # run it here, so that its exceptions are the call's
            result = list(_bounded(result))
        return (result, args) if header.get("look") else result

    def watch_losses(self) -> None:
        """Report, now and then, what backward() is called on; for whoever waits to look at.

        Done once, and only where torch has been imported and the grader asks for it.
        """
        torch: Any = sys.modules.get("torch")
        if not self.is_watched or not hasattr(torch, "Tensor"):
            return
        self.is_watched = False
        unwatched, process, next_at = torch.Tensor.backward, os.getpid(), 0.0

        @functools.wraps(unwatched)
        def backward(loss: Any, *args: Any, **kwargs: Any) -> Any:
            nonlocal next_at
            now = time.monotonic()
            if now >= next_at and os.getpid() == process:  # a child would disturb the channel
                next_at = now + REPORT_S
                with contextlib.suppress(Exception):  # it may be no scalar
                    self.send({"kind": "progress"}, float(loss.detach()))
            return unwatched(loss, *args, **kwargs)

        torch.Tensor.backward = backward

    def overwrite(self, header: dict[str, Any], value: tuple[Any, Any]) -> tuple[object, object]:
        """Call, change the array arguments in place, and return the result before and after."""
        args, _ = value
        result = self.call(header, value)
        before = copy.deepcopy(result)
        for array in _arrays(args):
            np.add(array, 1, out=array, casting="unsafe")
        return before, result

    def draw(self, _header: dict[str, Any], _value: None) -> dict[str, float]:
        """Draw once from each global generator, without seeding it."""
        return {"random": random.random(), "numpy.random": float(np.random.random())}  # noqa: NPY002, S311

    def figure(self, header: dict[str, Any], _value: None) -> list[dict[str, Any]]:
        """Read the data off a matplotlib figure: what it shows, not its pixels."""
        figure: Any = self.objects[header["target"]]
        return [
            {
                "title": axes.get_title(),
                "xlabel": axes.get_xlabel() or figure.get_supxlabel(),
                "ylabel": axes.get_ylabel() or figure.get_supylabel(),
                "lines": [np.asarray(line.get_xydata(), dtype=float) for line in axes.lines],
                "points": [
                    np.asarray(drawn.get_offsets(), dtype=float)
                    for drawn in axes.collections
                    if hasattr(drawn, "get_offsets")
                ],
                "images": [np.asarray(image.get_array(), dtype=float) for image in axes.images],
            }
            for axes in figure.axes
        ]


def _arrays(value: Any) -> list[Any]:
    """Return the arrays in a value, however nested."""
    if isinstance(value, np.ndarray):
        return [value]
    if wire.is_tensor(value):
        return [value.detach().numpy()]  # the same memory
    if isinstance(value, dict):
        value = tuple(value.values())
    if isinstance(value, tuple | list):
        return [array for item in value for array in _arrays(item)]
    return []


def _bounded(items: Any) -> Any:
    for count, item in enumerate(items):
        if count > wire.MAX_ITEMS:
            raise ValueError(f"more than {wire.MAX_ITEMS} items were yielded")
        yield item


class AllowList(importlib.abc.MetaPathFinder):
    """Refuses modules the lab does not allow, in words a student understands.

    It explains; it does not protect. In the sandbox what is not allowed is not there at all. What a
    library looks for on its own account is left to the other finders: torch asks for many modules
    that are not there, and expects to be told so in its own way.
    """

    def __init__(self, allowed: Sequence[str], lab: str, folder: str) -> None:
        """Allow the standard library and the given top-level names to files below a folder."""
        self.allowed = frozenset(allowed) | sys.stdlib_module_names
        self.lab = lab
        self.folder = folder

    def find_spec(
        self,
        fullname: str,
        path: Sequence[str] | None,
        target: types.ModuleType | None = None,
    ) -> importlib.machinery.ModuleSpec | None:
        """Raise for a module outside the list that the submission asks for."""
        name = fullname.partition(".")[0]
        is_known = path is not None or name in self.allowed or _is_beside(name)
        if not is_known and self._is_asked_by_submission():
            message = f"{self.lab} does not allow the module '{name}'"
            raise ModuleNotFoundError(message, name=fullname)
        return None

    def _is_asked_by_submission(self) -> bool:
        """Whether the import statement stands in a file of the student's."""
        frame = sys._getframe(1)  # noqa: SLF001  the one way to see who imports
        while frame.f_back and "importlib" in frame.f_back.f_code.co_filename:
            frame = frame.f_back
        return bool(frame.f_back and frame.f_back.f_code.co_filename.startswith(self.folder))


def _is_beside(name: str) -> bool:
    """Whether the student's own folder holds such a module."""
    return any(
        os.path.exists(os.path.join(sys.path[0], candidate)) for candidate in (f"{name}.py", name)
    )


def set_limits(limits: Mapping[str, int]) -> None:
    """Set this process's own limits; a missing or refused one leaves the others in force."""
    try:
        import resource
    except ImportError:  # Windows
        return
    for name, value in limits.items():
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (value, value))


def seed_everything(seed: int) -> None:
    """Seed every global generator, so that a run can be repeated."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002  the legacy generator is the one that is global
    if torch := sys.modules.get("torch"):
        torch.manual_seed(seed)


def main() -> None:
    """Serve the socket whose number is the last argument."""
    connection = socket.socket(fileno=int(sys.argv[-1]))
    connection.set_inheritable(False)
    sys.argv = ["python"]
    builtins.input = _no_input
    loop = Loop(connection)
    loop.send({"kind": "hello", "id": 0})
    loop.serve()


def _no_input(_prompt: object = "") -> str:
    raise EOFError("a graded submission has no keyboard: input() cannot be used")
