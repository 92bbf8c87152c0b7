"""The wire format: everything that may travel arrives as it was, and nothing else gets through."""

import itertools
import json
import math
import random
import re
import tracemalloc
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from grader.sandbox import wire
from grader.sandbox.wire import Callback, FrameError, Reference, Tensor, UnsupportedValueError

# Examples are drawn from the code alone: a run leaves nothing behind and the next draws the same.
FUZZ = settings(database=None, deadline=None, derandomize=True)
THING = object()  # stands for whatever cannot travel


def refer(value: object) -> Reference | Callback:
    return Callback(5) if callable(value) else Reference(3, type(value).__name__)


def identity(reference: object) -> object:
    return reference


def send(value: object, **header: Any) -> tuple[dict[str, Any], Any]:
    """Encode, cut the bytes as a receiver does, and decode."""
    content = b"".join(bytes(piece) for piece in wire.encode(header, value, refer)[0])
    start = wire.LENGTHS.size
    header_size, body_size = wire.parse_lengths(content[:start])
    assert len(content) == start + header_size + body_size
    body = bytearray(content[start + header_size :])
    return wire.decode(content[start : start + header_size], body, identity)


def read(value: object, arrays: object = (), body: bytes = b"", **header: object) -> object:
    """Decode a frame whose header is written by hand."""
    text = json.dumps({"value": value, "arrays": arrays, **header}).encode()
    return wire.decode(text, bytearray(body), identity)[1]


# What may travel


@pytest.mark.parametrize(
    "value",
    [
        None, True, False, 0, -7, 2**200, 0.1, -0.0, math.inf, 5e-324, "", "é\n\0", "x" * 70_000,
        (), (1,), [], [1, [2, (3, None)]], {}, {"a": 1, (1, "b"): [2.0]}, {1: {2: {3: ()}}},
    ],
)  # fmt: skip
def test_plain_value_round_trips(value: object) -> None:
    got = send(value)[1]

    assert got == value
    assert type(got) is type(value)


def test_nan_and_header_round_trip() -> None:
    header, got = send(math.nan, kind="value", id=7)

    assert math.isnan(got)
    assert header == {"kind": "value", "id": 7}


@pytest.mark.parametrize("dtype", wire.DTYPES)
@pytest.mark.parametrize("shape", [(), (0,), (3,), (2, 0, 3), (2, 3, 4), (1,) * wire.MAX_AXES])
def test_array_of_every_dtype_round_trips(dtype: str, shape: tuple[int, ...]) -> None:
    values = np.random.default_rng(1).integers(0, 2, size=shape).astype(dtype)

    got = send(values)[1]

    assert type(got) is np.ndarray
    assert (got.dtype, got.shape) == (values.dtype, shape)
    assert np.array_equal(got, values)
    assert got.flags.writeable


@settings(FUZZ)
@given(arrays(np.float64, array_shapes(max_dims=5, min_side=0, max_side=4)))
def test_bits_of_an_array_are_kept(values: np.ndarray) -> None:
    assert send(values)[1].tobytes() == values.tobytes()


@pytest.mark.parametrize(
    "values",
    [
        np.arange(12.0).reshape(3, 4).T,
        np.asfortranarray(np.arange(12.0).reshape(3, 4)),
        np.arange(12.0)[::-2],
        np.arange(12, dtype=">i4"),
        np.broadcast_to(np.float32(3), (2, 5)),
        np.arange(6.0).reshape(2, 3).view(type("Child", (np.ndarray,), {})),
        np.ma.masked_array(np.arange(3.0), mask=[0, 1, 0]),
    ],
    ids=["transposed", "fortran", "strided", "big-endian", "broadcast", "subclass", "masked"],
)
def test_array_of_any_layout_arrives_as_a_plain_one(values: np.ndarray) -> None:
    got = send(values)[1]

    assert type(got) is np.ndarray
    assert got.flags.c_contiguous
    assert np.array_equal(got, np.asarray(values))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float32(0.1), np.float32(0.1)),
        (np.int8(-3), np.int8(-3)),
        (1 + 2j, np.complex128(1 + 2j)),
        (range(3), [0, 1, 2]),
        (frozenset({4}), [4]),
        (iter("ab"), ["a", "b"]),
        (type("Text", (str,), {})("t"), "t"),
        (type("Whole", (int,), {"__eq__": lambda *_: True, "__hash__": None})(8), 8),
        (type("Real", (float,), {})(0.5), 0.5),
        (type("Items", (dict,), {})(a=1), {"a": 1}),
    ],
    ids=["float32", "int8", "complex", "range", "set", "iterator", "str", "int", "float", "dict"],
)
def test_relative_of_a_plain_type_arrives_as_one(value: object, expected: object) -> None:
    got = send(value)[1]

    assert type(got) is type(expected)
    assert got == expected


def test_generator_arrives_in_the_same_state() -> None:
    rng = np.random.default_rng(3)
    rng.integers(5, dtype=np.int32)  # leaves half a draw behind

    got = send(rng)[1]

    assert np.array_equal(got.normal(size=9), rng.normal(size=9))
    assert got.integers(1 << 30, dtype=np.int32) == rng.integers(1 << 30, dtype=np.int32)


def test_generator_spawns_by_its_state() -> None:
    first, again, other = (send(np.random.default_rng(seed))[1] for seed in (1, 1, 2))

    draws = [rng.spawn(1)[0].random() for rng in (first, again, other)]

    assert draws[0] == draws[1] != draws[2]


def test_generator_of_another_kind_stays_where_it_is() -> None:
    assert send(np.random.Generator(np.random.Philox(1)))[1] == Reference(3, "Generator")


def test_what_cannot_travel_is_referred_to() -> None:
    assert send([THING, len])[1] == [Reference(3, "object"), Callback(5)]


def test_tensor_is_left_to_the_receiver() -> None:
    got = send(Tensor(np.arange(3.0)))[1]

    assert isinstance(got, Tensor)
    assert np.array_equal(got.array, np.arange(3.0))


def test_torch_tensor_arrives_as_an_array() -> None:
    torch = pytest.importorskip("torch")

    got = send([torch.ones(2, 3, requires_grad=True).T])[1]

    assert got[0].shape == (3, 2)
    assert got[0].dtype == np.float32


def test_large_arrays_are_not_copied_together() -> None:
    values = np.zeros(wire.SMALL_BODY)

    assert len(wire.encode({}, [values, values], refer)[0]) == 3


# What is refused on the sending side, in words for a student


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (np.array([THING]), "an array of dtype object cannot be graded"),
        (np.array(["text"]), "an array of dtype str128 cannot be graded"),
        (np.zeros(2, "datetime64[s]"), r"an array of dtype datetime64\[s\] cannot be graded"),
        (np.zeros(1, [("secret 1234", "f8")]), "an array of dtype void64 cannot be graded"),
        (np.zeros((1,) * 9), "an array of 9 axes cannot be graded"),
        (itertools.count(), "an iterator of more than 200000 items"),
        (np.zeros((1 << 27) + 1), r"the value is too large to travel \(\d+ MiB\)"),
        (["x" * (1 << 20)] * 9, r"the value is too large to travel \(9 MiB\)"),
        (dict.fromkeys(range(wire.MAX_KEYS + 1)), "a dict of more than 10000 keys"),
    ],
    ids=["object", "text", "date", "fields", "axes", "endless", "body", "header", "keys"],
)
def test_value_that_cannot_travel_is_named(value: object, message: str) -> None:
    with pytest.raises(UnsupportedValueError, match=f"^{message}$"):
        wire.encode({}, value, refer)


def test_nesting_is_bounded() -> None:
    deep: list[Any] = []
    for _ in range(wire.MAX_DEPTH):
        deep = [deep]
    assert send(deep)[1] == deep
    endless: list[Any] = []
    endless.append(endless)

    with pytest.raises(UnsupportedValueError, match="nested more than 32 levels deep"):
        wire.encode({}, endless, refer)


# What is refused on the receiving side


@pytest.mark.parametrize(
    "sizes", [(wire.MAX_HEADER + 1, 0), (0, wire.MAX_BODY + 1), (2**32 - 1, 2**64 - 1)]
)
def test_lengths_over_the_limits_are_refused(sizes: tuple[int, int]) -> None:
    with pytest.raises(FrameError, match="is over the limit"):
        wire.parse_lengths(wire.LENGTHS.pack(*sizes))


STATE = np.random.default_rng(1).bit_generator.state
MALFORMED: dict[str, Callable[[], object]] = {
    "index": lambda: read({"a": 0}),
    "negative index": lambda: read({"a": -1}, [["bool", [1]]], b"\0"),
    "bool index": lambda: read({"a": True}, [["bool", [1]], ["bool", [1]]], b"\0\0"),
    "same array twice": lambda: read({"l": [{"a": 0}, {"a": 0}]}, [["bool", [1]]], b"\0"),
    "object dtype": lambda: read({"a": 0}, [["object", [1]]], b"\0" * 8),
    "dtype of the sender": lambda: read({"a": 0}, [["<f8", [1]]], b"\0" * 8),
    "fields": lambda: read({"a": 0}, [[[["a", "f8"]], [1]]], b"\0" * 8),
    "negative size": lambda: read({"a": 0}, [["float64", [-1]]]),
    "sizes that cancel": lambda: read({"a": 0}, [["float64", [-1, -1]]], b"\0" * 8),
    "float size": lambda: read({"a": 0}, [["bool", [1.0]]], b"\0"),
    "bool size": lambda: read({"a": 0}, [["bool", [True]]], b"\0"),
    "huge size": lambda: read({"a": 0}, [["float64", [2**62]]]),
    "huge product": lambda: read({"a": 0}, [["float64", [2**30, 2**30, 2**30]]]),
    "huge empty": lambda: read({"a": 0}, [["float64", [2**30, 2**30, 0]]]),
    "axes": lambda: read({"a": 0}, [["bool", [1] * 9]], b"\0"),
    "shape is a number": lambda: read({"a": 0}, [["bool", 1]], b"\0"),
    "body too short": lambda: read({"a": 0}, [["float64", [2]]], b"\0" * 15),
    "body too long": lambda: read({"a": 0}, [["float64", [2]]], b"\0" * 17),
    "body without arrays": lambda: read(None, [], b"\0"),
    "arrays missing": lambda: wire.decode(b'{"value": null}', bytearray(), identity),
    "arrays is a dict": lambda: read(None, {}),
    "header is a list": lambda: wire.decode(b"[]", bytearray(), identity),
    "header is not JSON": lambda: wire.decode(b"\x80\x04N.", bytearray(), identity),
    "header is empty": lambda: wire.decode(b"", bytearray(), identity),
    "deep header": lambda: wire.decode(b"[" * 1_000_000, bytearray(), identity),
    "deep value": lambda: read(_deep(40)),
    "very deep value": lambda: wire.decode(
        b'{"arrays": [], "value": ' + b'{"l": [' * 9000 + b"]}" * 9000 + b"}", bytearray(), identity
    ),
    "bare number": lambda: read(1),
    "bare list": lambda: read([]),
    "empty node": lambda: read({}),
    "unknown kind": lambda: read({"pickle": "cos\nsystem\n."}),
    "whole number as float": lambda: read({"f": 10**400}),
    "text as float": lambda: read({"f": "1.0"}),
    "number as text": lambda: read({"str": 1}),
    "integer is no number": lambda: read({"i": "0x10"}),
    "integer is too long": lambda: read({"i": "9" * 5000}),
    "integer is a number": lambda: read({"i": 1}),
    "container is a text": lambda: read({"t": "ab"}),
    "pair of one": lambda: read({"d": [[None]]}),
    "pair of three": lambda: read({"d": [[None, None, None]]}),
    "pair is a text": lambda: read({"d": ["ab"]}),
    "key is a list": lambda: read({"d": [[{"l": []}, None]]}),
    "key is an array": lambda: read({"d": [[{"a": 0}, None]]}, [["bool", [1]]], b"\0"),
    "keys that collide": lambda: read(
        {"d": [[{"i": str(k * (2**61 - 1))}, None] for k in range(wire.MAX_KEYS + 1)]}
    ),
    "keys of many dicts": lambda: read({"l": [{"d": [["a", None]] * 5000}] * 3}),
    "too many parts": lambda: read({"l": [None] * (wire.MAX_NODES + 1)}),
    "reference is a text": lambda: read({"r": "1", "type": "x"}),
    "callback is a bool": lambda: read({"c": True}),
    "generator is empty": lambda: read({"g": ""}),
    "generator is a list": lambda: read({"g": "[]"}),
    "generator of another kind": lambda: read({"g": json.dumps({**STATE, "bit_generator": "X"})}),
    "generator without a state": lambda: read({"g": '{"bit_generator": "PCG64"}'}),
    "generator is negative": lambda: read(
        {"g": json.dumps({**STATE, "state": {"state": -1, "inc": 1}})}
    ),
    "generator is too large": lambda: read({"g": json.dumps({**STATE, "has_uint32": 10**30})}),
    "generator is deep": lambda: read({"g": "[" * 100_000}),
}  # fmt: skip


def _deep(levels: int) -> object:
    node: object = None
    for _ in range(levels):
        node = {"l": [node]}
    return node


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed_frame_is_refused(name: str) -> None:
    with pytest.raises(FrameError):
        MALFORMED[name]()


def test_bytes_that_are_no_bool_become_one() -> None:
    got = read({"a": 0}, [["bool", [3]]], b"\x00\x02\xff")

    assert isinstance(got, np.ndarray)
    assert got.view(np.uint8).tolist() == [0, 1, 1]


def test_name_of_a_type_cannot_move_a_cursor() -> None:
    got = read({"r": 1, "type": "\x1b[2J\ud800\u202ename" + "x" * 1000})

    assert isinstance(got, Reference)
    assert re.fullmatch(r"\?\[2J\?\?namex{70}", got.type_name)


def test_refusing_costs_little_memory() -> None:
    """What a short frame claims to hold is never allocated."""
    tracemalloc.start()
    try:
        for name in ("huge size", "huge product", "huge empty", "sizes that cancel"):
            with pytest.raises(FrameError):
                MALFORMED[name]()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 1 << 20


# Fuzzing: only FrameError may come out, whatever came in


def all_kinds() -> bytes:
    """Return a frame with a node of every kind."""
    value = {
        "a": [1, 2.5, None, True, "text", 2**80],
        (1, 2): np.arange(6.0).reshape(2, 3),
        "b": (np.float32(1), THING, len, np.random.default_rng(1), Tensor(np.zeros((2, 2)))),
        "c": [np.zeros(0), np.array([True, False]), 1j],
    }
    pieces, _ = wire.encode({"kind": "value", "id": 1}, value, refer)
    return b"".join(bytes(piece) for piece in pieces)


def receive(content: bytes) -> None:
    """Decode as a receiver does, who gets as many bytes as the lengths say or waits."""
    if len(content) < wire.LENGTHS.size:
        return
    start = wire.LENGTHS.size
    header_size, body_size = wire.parse_lengths(content[:start])
    rest = content[start:]
    if len(rest) >= header_size + body_size:
        body = bytearray(rest[header_size : header_size + body_size])
        wire.decode(rest[:header_size], body, identity)


def mutations(content: bytes, seed: int, count: int) -> Iterator[bytes]:
    """Change, cut out, double and exchange bytes and digits."""
    rng = random.Random(seed)
    for _ in range(count):
        changed = bytearray(content)
        for _ in range(rng.choice((1, 1, 2, 5, 20))):
            place, length = rng.randrange(len(changed)), rng.choice((1, 1, 4, 16))
            change = rng.randrange(5)
            if change == 0:
                changed[place] = rng.randrange(256)
            elif change == 1:
                changed[place : place + length] = b""
            elif change == 2:
                changed[place:place] = changed[place : place + length]
            elif change == 3:
                changed[place] = rng.choice(b'0123456789-[]{}",:etn')
            else:
                other = rng.randrange(len(changed))
                changed[place : place + length] = changed[other : other + length]
        yield bytes(changed)


@pytest.mark.parametrize("seed", range(4))
def test_mutated_frames_never_get_past_the_decoder(seed: int) -> None:
    refused = 0
    for content in mutations(all_kinds(), seed, 2000):
        try:
            receive(content)
        except FrameError:
            refused += 1

    assert refused > 500


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=6)
    | st.sampled_from(["float64", "bool", "PCG64", "object"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from([*"ifatlsdxgcr", "str", "type"]), inner, max_size=2)
    ),
    max_leaves=12,
)


@settings(FUZZ, max_examples=250)
@given(
    value=json_values,
    arrays=json_values | st.lists(json_values, max_size=3),
    body=st.binary(max_size=40),
)
def test_any_tree_is_decoded_or_refused(value: object, arrays: object, body: bytes) -> None:
    try:
        read(value, arrays, body)
    except FrameError:
        return


@settings(FUZZ, max_examples=200)
@given(st.binary(max_size=200))
def test_any_bytes_are_decoded_or_refused(content: bytes) -> None:
    try:
        receive(content)
        wire.decode(content, bytearray(), identity)
    except FrameError:
        return


@settings(FUZZ, max_examples=200)
@given(
    st.fixed_dictionaries(
        {
            "bit_generator": st.sampled_from(["PCG64", "MT19937", "Philox", "SFC64", 1, None]),
            "state": json_values
            | st.fixed_dictionaries({"state": json_values, "inc": json_values}),
            "has_uint32": json_values,
            "uinteger": json_values,
        }
    )
)
def test_any_state_of_a_generator_is_taken_or_refused(state: object) -> None:
    try:
        got = read({"g": json.dumps(state)})
    except FrameError:
        return
    assert isinstance(got, np.random.Generator)
    got.random()
