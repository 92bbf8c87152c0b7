"""How values travel between grader and worker: a length, a JSON header, raw array bytes.

A frame is `u32 header length | u64 body length | header | body`. The header's value is a tree of
tagged nodes; arrays stand in the body in C order, described by a dtype from a fixed list and a
shape.
Nothing here unpickles, evaluates or calls anything that came over the wire.

This module is shared with the untrusted side, so it imports the standard library and NumPy only.
"""

import itertools
import json
import math
import mmap
import struct
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

DTYPES = (
    *("bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"),
    *("float16", "float32", "float64", "complex64", "complex128"),
)
MAX_HEADER = 8 << 20  # bytes; 100,000 small arrays fit
MAX_BODY = 1 << 30  # bytes of arrays in one message
SMALL_BODY = 1 << 16  # bytes up to which copying costs less than another system call
MAX_DEPTH = 32
MAX_AXES = 8  # of an array; what looks at all orders of axes must come to an end
MAX_KEYS = 10_000  # of all dicts in one message: keys can be chosen so that their hashes collide
MAX_NODES = 1_000_000
MAX_FILES = 8  # of arrays that one message shares
MAX_ITEMS = 200_000  # of an iterator that is turned into a list
LENGTHS = struct.Struct("<IQ")

Node = Any  # a JSON tree; its grammar is what `_Decoder` accepts


class FrameError(ValueError):
    """The bytes or the tree break the format."""


class UnsupportedValueError(TypeError):
    """A value of a kind that cannot travel, such as an array of Python objects."""


@dataclass(frozen=True, slots=True)
class Reference:
    """An object that stays where it is: a handle's number, and its type's name for messages."""

    number: int
    type_name: str


@dataclass(frozen=True, slots=True)
class Callback:
    """A function that stays on the trusted side and can be called over the wire."""

    number: int


@dataclass(frozen=True, slots=True)
class Tensor:
    """An array that is to arrive as a torch tensor."""

    array: np.ndarray


def _array_of(value: Any) -> np.ndarray | None:
    """Return the base ndarray behind an ndarray or a torch tensor, else None."""
    if isinstance(value, np.ndarray):
        array = np.array(value, subok=False, order="C", copy=None)
        return array.astype(array.dtype.newbyteorder("=")) if not array.dtype.isnative else array
    if is_tensor(value):
        return np.asarray(value.detach().cpu().numpy(), order="C")
    return None


def is_tensor(value: Any) -> bool:
    """Whether a value is a torch tensor, without importing torch."""
    return type(value).__module__.partition(".")[0] == "torch" and hasattr(value, "detach")


Refer = Callable[[object], Reference | Callback]
Share = Callable[[np.ndarray], int | None]


def share_nothing(_array: np.ndarray) -> None:
    """Let every array's bytes travel."""


class _Encoder:
    """Turns one value into a tree and a list of arrays."""

    def __init__(self, refer: Refer, share: Share) -> None:
        self.arrays: list[np.ndarray] = []  # whose bytes travel
        self.shapes: list[list[Node]] = []
        self.files: list[int] = []
        self.share = share
        self.keys = 0
        self.refer = refer

    def add(self, array: np.ndarray) -> int:
        if array.dtype.name not in DTYPES:  # the name alone: a dtype's fields may quote inputs
            raise UnsupportedValueError(f"an array of dtype {array.dtype.name} cannot be graded")
        if array.ndim > MAX_AXES:
            raise UnsupportedValueError(f"an array of {array.ndim} axes cannot be graded")
        entry: list[Node] = [array.dtype.name, list(array.shape)]
        descriptor = self.share(array) if len(self.files) < MAX_FILES else None
        if descriptor is None:
            self.arrays.append(array)
        else:
            entry.append(len(self.files))
            self.files.append(descriptor)
        self.shapes.append(entry)
        return len(self.shapes) - 1

    def node(self, value: object, depth: int = 0) -> Node:
        if value is None or type(value) in (bool, str):
            return value
        if depth > MAX_DEPTH:
            raise UnsupportedValueError(f"nested more than {MAX_DEPTH} levels deep")
        return self._number(value) or self._container(value, depth) or self._object(value)

    def _number(self, value: object) -> Node:
        if isinstance(value, np.generic):
            return {"s": self.add(np.array(value))}
        if isinstance(value, int):
            return {"i": str(int(value))} if abs(value) < 1 << 256 else None
        if isinstance(value, float):
            return {"f": float(value)}
        if isinstance(value, complex):
            return {"s": self.add(np.array(complex(value)))}
        return {"str": str(value)} if isinstance(value, str) else None

    def _container(self, value: object, depth: int) -> Node:
        if isinstance(value, tuple):
            return {"t": [self.node(item, depth + 1) for item in value]}
        if isinstance(value, list | range | set | frozenset):
            return {"l": [self.node(item, depth + 1) for item in value]}
        if isinstance(value, dict):
            return {"d": self._pairs(value, depth)}
        if isinstance(value, Iterator):
            items = list(itertools.islice(value, MAX_ITEMS + 1))
            if len(items) > MAX_ITEMS:
                raise UnsupportedValueError(f"an iterator of more than {MAX_ITEMS} items")
            return {"l": [self.node(item, depth + 1) for item in items]}
        return None

    def _pairs(self, value: dict[Any, Any], depth: int) -> list[Node]:
        pairs = [[self.node(k, depth + 1), self.node(v, depth + 1)] for k, v in value.items()]
        self.keys += len(pairs)
        if self.keys > MAX_KEYS:
            raise UnsupportedValueError(f"a dict of more than {MAX_KEYS} keys")
        return pairs

    def _object(self, value: object) -> Node:
        if isinstance(value, Tensor):
            return {"x": self.add(np.asarray(value.array, order="C"))}
        if (array := _array_of(value)) is not None:
            return {"a": self.add(array)}
        if isinstance(value, np.random.Generator) and (text := _state_of(value)):
            return {"g": text}
        reference = self.refer(value)
        if isinstance(reference, Callback):
            return {"c": reference.number}
        return {"r": reference.number, "type": reference.type_name[:80]}


def _state_of(generator: np.random.Generator) -> str:
    """Return a generator's state; empty for any kind but the one `default_rng` makes."""
    state = generator.bit_generator.state
    return json.dumps(state) if state["bit_generator"] == "PCG64" else ""


class _Decoder:
    """Turns a tree back into a value. Every node is checked; anything odd is a FrameError."""

    def __init__(
        self, arrays: list[np.ndarray], resolve: Callable[[Reference | Callback | Tensor], object]
    ) -> None:
        self.arrays = dict(enumerate(arrays))
        self.resolve = resolve
        self.nodes = self.keys = 0

    def value(self, node: Node, depth: int = 0) -> object:
        self.nodes += 1
        if depth > MAX_DEPTH + 1 or self.nodes > MAX_NODES:
            raise FrameError("the value is nested too deep or has too many parts")
        if node is None or isinstance(node, bool | str):
            return node
        if not isinstance(node, dict) or not node:
            raise FrameError("a value's node is malformed")
        tag, content = next(iter(node.items()))
        if tag in ("t", "l", "d"):
            return self._container(tag, content, depth)
        return self._leaf(tag, content, node)

    def _container(self, tag: str, content: Node, depth: int) -> object:
        if not isinstance(content, list):
            raise FrameError("a container's node is malformed")
        if tag == "d":
            return self._dict(content, depth)
        items = [self.value(item, depth + 1) for item in content]
        return tuple(items) if tag == "t" else items

    def _dict(self, pairs: list[Node], depth: int) -> object:
        self.keys += len(pairs)
        if self.keys > MAX_KEYS or not all(isinstance(p, list) and len(p) == 2 for p in pairs):
            raise FrameError("a dict's node is malformed")
        try:
            return {self.value(key, depth + 1): self.value(item, depth + 1) for key, item in pairs}
        except TypeError as error:
            raise FrameError("a dict's key is not hashable") from error

    def _leaf(self, tag: str, content: Node, node: dict[str, Node]) -> object:
        if tag in ("a", "s", "x"):
            array = self._array(content)
            if tag == "x":
                return self.resolve(Tensor(array))
            return array[()] if tag == "s" and array.shape == () else array
        if tag == "f" and isinstance(content, float):
            return content
        if isinstance(content, str) and tag in _TEXTS:
            return _TEXTS[tag](content)
        if type(content) is int and tag in ("c", "r"):
            name = _printable(str(node.get("type", "object")))
            return self.resolve(Callback(content) if tag == "c" else Reference(content, name))
        raise FrameError(f"unknown kind of value {tag[:8]!r}")

    def _array(self, index: Node) -> np.ndarray:
        """Take an array out; none is there twice, so a small frame cannot become a large value."""
        if type(index) is not int or index not in self.arrays:
            raise FrameError("an array's index is out of range or comes twice")
        return self.arrays.pop(index)


def _printable(name: str) -> str:
    """Return the start of a type's name without what could move a cursor or not be stored."""
    return "".join(char if char.isprintable() else "?" for char in name[:80])


def _integer(text: str) -> int:
    if len(text) > 100:
        raise FrameError("an integer is too long")
    try:
        return int(text)
    except ValueError as error:
        raise FrameError("an integer is malformed") from error


def _generator(text: str) -> np.random.Generator:
    """Rebuild a generator from its state; other kinds than PCG64 would read out of bounds.

    It is seeded with the state too: generators that it spawns must depend on it.
    """
    try:
        state = json.loads(text)
        bit_generator = np.random.PCG64(_integer(str(state["state"]["state"])))
        bit_generator.state = state
    except (ValueError, KeyError, TypeError, ArithmeticError, RecursionError) as error:
        raise FrameError("a random generator's state is malformed") from error
    return np.random.Generator(bit_generator)


_TEXTS: dict[str, Callable[[str], object]] = {"i": _integer, "g": _generator, "str": str}


def encode(
    header: dict[str, Any], value: object, refer: Refer, share: Share = share_nothing
) -> tuple[list[bytes | memoryview], list[int]]:
    """Make the pieces of one frame.

    Args:
        header: JSON values besides the value, such as kind and id.
        value: What travels.
        refer: Called for an object that cannot travel; returns what stands for it.
        share: Called for an array; returns the descriptor of a file that holds its bytes, or None.

    Returns:
        Buffers to be sent one after the other, and descriptors that go with the first of them.

    Raises:
        UnsupportedValueError: For an array of objects, too deep a nesting, too long an iterator.
    """
    encoder = _Encoder(refer, share)
    tree = encoder.node(value)
    text = json.dumps({**header, "value": tree, "arrays": encoder.shapes}).encode()
    body_size = sum(array.nbytes for array in encoder.arrays)
    if len(text) > MAX_HEADER or body_size > MAX_BODY:
        raise UnsupportedValueError(
            f"the value is too large to travel ({(len(text) + body_size) >> 20} MiB)"
        )
    bodies = [_bytes_of(array) for array in encoder.arrays if array.nbytes]
    pieces: list[bytes | memoryview] = [LENGTHS.pack(len(text), body_size) + text, *bodies]
    return [b"".join(pieces)] if body_size < SMALL_BODY else pieces, encoder.files


def _bytes_of(array: np.ndarray) -> memoryview:
    return memoryview(np.ascontiguousarray(array).reshape(-1).view(np.uint8))  # type: ignore[arg-type]  # NumPy 2.4's stubs do not say that arrays are buffers


def parse_lengths(prefix: bytes) -> tuple[int, int]:
    """Read a frame's prefix and check it before anything is allocated."""
    header_size, body_size = LENGTHS.unpack(prefix)
    if header_size > MAX_HEADER or body_size > MAX_BODY:
        raise FrameError(f"a frame of {header_size} + {body_size} bytes is over the limit")
    return header_size, body_size


def decode(
    header_bytes: bytes | bytearray,
    body: bytearray,
    resolve: Callable[[Reference | Callback | Tensor], object],
    files: Sequence[mmap.mmap] = (),
) -> tuple[dict[str, Any], object]:
    """Read one frame.

    Args:
        header_bytes: The JSON header.
        body: The arrays' bytes; the arrays returned are views of it, writable.
        resolve: Turns a reference, a callback or a tensor into what stands for it on this side.
        files: The shared arrays' bytes; the grader's side takes none from a worker.

    Returns:
        The header (without its value) and the value.

    Raises:
        FrameError: For anything malformed.
    """
    try:
        header = json.loads(header_bytes)
    except (ValueError, RecursionError) as error:
        raise FrameError("a frame's header is not JSON") from error
    if not isinstance(header, dict) or not isinstance(header.get("arrays"), list):
        raise FrameError("a frame's header is malformed")
    arrays = _split(header.pop("arrays"), body, files)
    return header, _Decoder(arrays, resolve).value(header.pop("value", None))


def _split(shapes: list[Node], body: bytearray, files: Sequence[mmap.mmap]) -> list[np.ndarray]:
    """Cut the body into arrays, checking every dtype, shape and the total size."""
    arrays, start = [], 0
    for entry in shapes:
        if isinstance(entry, list) and len(entry) == 3:
            arrays.append(_shared(entry, files))
            continue
        if not isinstance(entry, list) or len(entry) != 2 or entry[0] not in DTYPES:
            raise FrameError("an array's description is malformed")
        dtype, shape = np.dtype(entry[0]), _shape(entry[1])
        count = math.prod(shape)
        end = start + count * dtype.itemsize
        if end > len(body):
            raise FrameError("an array is longer than its frame")
        array = np.frombuffer(body, dtype, count, start) if count else np.empty(0, dtype)
        if dtype == np.bool_:
            np.not_equal(array.view(np.uint8), 0, out=array)  # a byte of 2 is no bool
        arrays.append((array if array.flags.aligned else array.copy()).reshape(shape))
        start = end
    if start != len(body):
        raise FrameError("a frame is longer than its arrays")
    return arrays


def _shared(entry: list[Node], files: Sequence[mmap.mmap]) -> np.ndarray:
    """Return an array whose bytes stand in a file."""
    dtype, shape, place = entry
    if dtype not in DTYPES or type(place) is not int or not 0 <= place < len(files):
        raise FrameError("an array's description is malformed")
    array = np.frombuffer(files[place], np.dtype(dtype)).reshape(_shape(shape))
    array.setflags(write=False)
    return array


def _shape(shape: Node) -> list[int]:
    if not isinstance(shape, list) or len(shape) > MAX_AXES:
        raise FrameError("an array's shape is malformed")
    if not all(type(size) is int and 0 <= size <= MAX_BODY for size in shape):
        raise FrameError("an array's shape is malformed")
    if math.prod(size for size in shape if size) > MAX_BODY:  # (2**30, 2**30, 0) holds nothing
        raise FrameError("an array's shape is malformed")
    return shape
