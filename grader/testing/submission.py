"""The submission as a check sees it: a proxy whose calls run in the worker."""

import builtins
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from grader.errors import SubmissionError
from grader.sandbox.client import Handle
from grader.sandbox.memory import Peak
from grader.testing.record import note_sizes


class Program(Protocol):
    """Something whose functions can be called in a worker; see grader.session."""

    def call(
        self,
        target: str | Handle,
        args: Sequence[object],
        kwargs: Mapping[str, object],
        *,
        look: bool,
    ) -> object:
        """Call a function or a handle."""

    def ask(
        self, handle: Handle, method: str, args: Sequence[object], kwargs: Mapping[str, object]
    ) -> object:
        """Call a method of an object that stayed in the worker."""

    def figure(self, handle: Handle) -> object:
        """Read a figure's data."""

    def cpu_seconds(self) -> float:
        """Return the CPU time used so far."""

    def peak_memory(self) -> AbstractContextManager[Peak]:
        """Watch the memory of what is called inside."""

    def overwrite(self, name: str, args: Sequence[object]) -> object:
        """Call, then change the arguments in place; return the result before and after that."""

    def global_draws(self) -> object:
        """Draw one number from each global generator; return them by name."""

    def seeded_draws(self) -> Mapping[str, float]:
        """Return what these draws are when nothing else has drawn."""


@dataclass(frozen=True, slots=True, eq=False)
class Axes:
    """One pair of axes of a figure, as data."""

    title: str
    xlabel: str
    ylabel: str
    lines: list[NDArray[np.float64]]  # each (points, 2)
    points: list[NDArray[np.float64]]  # each (points, 2), of scatter plots
    images: list[NDArray[np.float64]]


@dataclass(frozen=True, slots=True, eq=False)
class Figure:
    """What a figure shows."""

    axes: list[Axes]


@dataclass(slots=True, eq=False)
class Counted:
    """Wraps a function passed to a submission; counts and keeps the arguments of its calls."""

    function: Callable[..., object]
    calls: list[tuple[Any, ...]] = field(default_factory=list)

    def __call__(self, *args: Any) -> object:
        """Note the call and pass it on."""
        self.calls.append(args)
        return self.function(*args)

    @property
    def count(self) -> int:
        """Return how often it was called."""
        return len(self.calls)


class Submission:
    """Calls of its attributes run in the worker and return values.

    `submission.softmax(logits)` sends the arguments, waits, and returns what came back, verified
    against the description of the function's return value in lab.toml.
    """

    def __init__(self, program: Program, returns: Mapping[str, object]) -> None:
        """Wrap a program.

        Args:
            program: Where calls go.
            returns: What each function returns, as in lab.toml.
        """
        self._program = program
        self._returns = returns

    def __getattr__(self, name: str) -> Callable[..., Any]:
        """Return the function of that name."""
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*args: object, **kwargs: object) -> Any:
            return self._call(name, args, kwargs, look=False)

        return call

    def call_and_look(self, name: str, *args: object, **kwargs: object) -> tuple[Any, Any]:
        """Call a function and return its result and its arguments as they are afterwards."""
        result: tuple[Any, Any] = self._call(name, args, kwargs, look=True)
        return result

    def ask(self, handle: Handle, method: str, *args: object, **kwargs: object) -> Any:
        """Call a method of an object that stayed in the worker, such as a torch module.

        `ask(model, "__call__", Tensor(x))` runs it, `ask(model, "state_dict")` brings its arrays
        over. Tensors come back as arrays. What the object says is the submission's word.
        """
        __tracebackhide__ = True
        try:
            return self._program.ask(handle, method, args, kwargs)
        except SubmissionError as error:
            raise _about_call(f"{method} of the object", error) from error

    def call_and_overwrite(self, name: str, *args: object) -> tuple[Any, Any]:
        """Call a function; return its result, and the same after its arguments were changed."""
        try:
            both = self._program.overwrite(name, args)
        except SubmissionError as error:
            raise _about_call(name, error) from error
        before, after = both if isinstance(both, tuple) and len(both) == 2 else (both, None)
        return self._shape(before, self._returns.get(name, "any"), name, ""), after

    def moved_global_rngs(self, name: str, *args: object) -> str:
        """Call a function; name the global generators that are no longer where they were."""
        self._call(name, args, {}, look=False)
        drawn = self._program.global_draws()
        expected = self._program.seeded_draws()
        found = drawn if isinstance(drawn, dict) else {}
        return " and ".join(key for key, value in expected.items() if found.get(key) != value)

    def cpu_seconds(self) -> float:
        """Return the CPU time the submission has used so far, read from the kernel."""
        return self._program.cpu_seconds()

    def peak_memory(self) -> AbstractContextManager[Peak]:
        """Watch the memory of what is called inside the block, read from the kernel."""
        return self._program.peak_memory()

    def _call(
        self, name: str, args: tuple[object, ...], kwargs: dict[str, object], *, look: bool
    ) -> Any:
        __tracebackhide__ = True
        note_sizes(_sizes(args))
        try:
            value = self._program.call(name, args, kwargs, look=look)
        except SubmissionError as error:
            raise _about_call(name, error) from error
        after: object = None
        if look:
            value, after = value if isinstance(value, tuple) and len(value) == 2 else (value, None)
        shaped = self._shape(value, self._returns.get(name, "any"), name, "")
        return (shaped, after) if look else shaped

    def _shape(self, value: object, returns: object, name: str, where: str) -> Any:
        """Return the value in the form lab.toml promises to checks."""
        if isinstance(returns, list):
            items = value if isinstance(value, tuple | list) else None
            if items is None or len(items) != len(returns):
                raise _unusable(name, where, _words(returns), value)
            return tuple(
                self._shape(item, part, name, f"{where}[{i}]")
                for i, (item, part) in enumerate(zip(items, returns, strict=True))
            )
        if isinstance(returns, dict):
            if isinstance(value, np.ndarray) and value.ndim:
                value = list(value)
            if not isinstance(value, list | tuple):
                raise _unusable(name, where, _words(returns), value)
            part = returns["list"]
            return [self._shape(v, part, name, f"{where}[{i}]") for i, v in enumerate(value)]
        return self._leaf(value, str(returns), name, where)

    def _leaf(self, value: object, returns: str, name: str, where: str) -> Any:
        if returns == "figure" and isinstance(value, Handle):
            return _figure(self._program.figure(value), name)
        if returns == "array" and _is_number(value):
            return np.asarray(value)
        if returns == "number" and isinstance(value, np.ndarray) and value.shape == ():
            return value[()]
        accepted: dict[str, Callable[[object], bool]] = {
            "array": lambda v: isinstance(v, np.ndarray),
            "number": _is_number,
            "text": lambda v: isinstance(v, str),
            "list": lambda v: isinstance(v, list | tuple),
            "dict": lambda v: isinstance(v, dict),
            "object": lambda v: isinstance(v, Handle),
            "any": lambda _: True,
        }
        if returns not in accepted or not accepted[returns](value):
            raise _unusable(name, where, _words(returns), value)
        return value


def _is_number(value: object) -> bool:
    return isinstance(value, int | float | np.number) and not isinstance(value, bool)


def _figure(data: object, name: str) -> Figure:
    """Build a Figure from what the worker read off; everything is checked, nothing is believed."""
    words, drawn = ("title", "xlabel", "ylabel"), ("lines", "points", "images")
    if not isinstance(data, list) or not all(
        isinstance(axes, dict)
        and set(axes) == {*words, *drawn}
        and all(isinstance(axes[key], list) for key in drawn)
        for axes in data
    ):
        text = f"{name} returned something that is not a matplotlib Figure."
        raise SubmissionError(text, public=text)
    figure = Figure([])
    for axes in data:
        arrays = {
            key: [item for item in axes[key] if isinstance(item, np.ndarray)] for key in drawn
        }
        title, xlabel, ylabel = (str(axes[key])[:200] for key in words)
        figure.axes.append(Axes(title=title, xlabel=xlabel, ylabel=ylabel, **arrays))
    return figure


def _about_call(name: str, error: SubmissionError) -> SubmissionError:
    """Say which call it was, in the student's words; `public` quotes nothing the student chose."""
    if error.is_loading:
        return error
    message, public = f"{name} raised {error.kind}: {error}", f"{name} raised {_known(error.kind)}."
    if error.kind == "NotImplementedError":
        inner = re.findall(r", in (\w+): ", error.trace[-1]) if error.trace else []
        message = public = f"{inner[0] if inner else name} is not written yet."
    elif error.kind == "AttributeError" and f"no attribute '{name}'" in str(error):
        message = public = f"there is no function {name} in the submission."
    elif not error.kind:
        message, public = f"{name} {error}", f"{name} {error.public}"
    return SubmissionError(message, kind=error.kind, public=public, trace=error.trace)


def _known(kind: str) -> str:
    """Name an exception type only if it is Python's own: a submission can name its own anything."""
    is_builtin = isinstance(getattr(builtins, kind, None), type)
    return kind if is_builtin else "an exception of its own"


def _unusable(name: str, where: str, wanted: str, value: object) -> SubmissionError:
    text = f"{name}(...){where} should be {wanted}, got"
    public = "an object" if isinstance(value, Handle) else describe(value)
    return SubmissionError(f"{text} {describe(value)}.", public=f"{text} {public}.")


def _words(returns: object) -> str:
    """Put a description of a return value into words."""
    if isinstance(returns, list):
        return f"a tuple of {len(returns)} ({', '.join(_words(item) for item in returns)})"
    if isinstance(returns, dict):
        return f"a list of {_words(returns['list'])}"
    return "anything" if returns == "any" else _with_article(str(returns))


def _with_article(word: str) -> str:
    return f"{'an' if word[:1] in 'aeiou' else 'a'} {word}"


def describe(value: object) -> str:
    """Say what kind of value this is, without its content."""
    if value is None:
        return "None (is a return missing?)"
    if isinstance(value, np.ndarray):
        return f"an array of {value.dtype} {value.shape}"
    if isinstance(value, tuple | list):
        return f"a {type(value).__name__} of {len(value)}"
    if isinstance(value, Handle):
        return f"an object of type {value.type_name}"
    return _with_article(type(value).__name__)


def _sizes(args: tuple[object, ...]) -> tuple[tuple[str, int], ...]:
    """Name the lengths of array arguments; a wrong factor is often one of them."""
    return tuple(
        (f"the length of axis {axis} of argument {place}", size)
        for place, arg in enumerate(args, 1)
        if isinstance(arg, np.ndarray)
        for axis, size in enumerate(arg.shape)
        if size > 1
    )
