"""Evaluates the arithmetic of parameterised questions: numbers, names and a few functions.

Expressions come from the course's own files, but a bank is shared and pasted: nothing but
arithmetic is evaluated, and no number may grow without bound.
"""

import ast
import math
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from grader.errors import ContentError
from grader.quiz.lines import LineError, at

Number = int | float
BOUND = 1e18  # larger numbers are a mistake, or an attack
LONGEST = 200  # characters of an expression
HOLE = re.compile(r"\{\{(?!\{)([^{}]+)\}\}")  # `2^{{{k}}}` is a hole in braces
FORMAT = re.compile(r"(?P<source>.*?):(?P<format>[-+ ]?\d{0,2},?(?:\.\d{1,2})?[dfge%]?)", re.DOTALL)
BINARY: dict[type[ast.operator], Callable[[Number, Number], Number]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
}
FUNCTIONS: dict[str, Callable[..., Number]] = {
    "abs": abs,
    "ceil": math.ceil,
    "exp": math.exp,
    "floor": math.floor,
    "log": math.log,
    "log2": math.log2,
    "max": max,
    "min": min,
    "round": round,
    "sqrt": math.sqrt,
    "tanh": math.tanh,
}


def evaluate(source: str, names: Mapping[str, Number]) -> Number:
    """Compute an arithmetic expression.

    Args:
        source: Such as "c_out * (c_in * k**2 + 1)".
        names: The parameters.

    Raises:
        ContentError: If it is not arithmetic, names something unknown, or has no finite value.
    """
    if len(source) > LONGEST:
        raise ContentError(f"'{source.strip()[:20]}...' is longer than {LONGEST} characters")
    try:
        value = _value(ast.parse(source.strip(), mode="eval").body, names)
    except SyntaxError as error:
        raise ContentError(f"'{source.strip()}' is not an expression") from error
    except (ArithmeticError, ValueError, TypeError) as error:
        raise ContentError(f"'{source.strip()}' has no value: {error}") from error
    return value


def _value(node: ast.expr, names: Mapping[str, Number]) -> Number:
    return _bounded(_raw_value(node, names))


def _raw_value(node: ast.expr, names: Mapping[str, Number]) -> Number:
    match node:
        case ast.Constant(value=int() | float() as value) if not isinstance(value, bool):
            return value
        case ast.Name(id=name) if name in names:
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -_value(operand, names)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in BINARY:
            return _combine(type(op), _value(left, names), _value(right, names))
        case ast.Call(func=ast.Name(id=name), args=args, keywords=[]) if name in FUNCTIONS:
            return FUNCTIONS[name](*(_value(arg, names) for arg in args))
        case ast.Name(id=name):
            known = ", ".join(names) or "none"
            raise ContentError(f"there is no parameter '{name}' (known here: {known})")
        case _:
            raise ContentError(f"'{ast.unparse(node)}' is not arithmetic that dlab evaluates")


def _combine(op: type[ast.operator], left: Number, right: Number) -> Number:
    if op is ast.Pow and abs(right) > 64:
        raise OverflowError("the exponent is too large")
    return BINARY[op](left, right)


def _bounded(value: Number) -> Number:
    if isinstance(value, complex) or not math.isfinite(value) or abs(value) > BOUND:
        raise OverflowError("it is not a finite number below 1e18")
    return value


def fill(text: str, names: Mapping[str, Number]) -> str:
    """Put values into the holes of a text: `{{ c_in }}`, `{{ c_in*k }}`, `{{ loss:.3f }}`.

    Raises:
        ContentError: As `evaluate`, or if a format is none of Python's for numbers.
    """
    filled = HOLE.sub(lambda hole: _shown(hole[1].strip(), names), text)
    if "{{" in filled:
        raise ContentError(f"'{filled[filled.index('{{') :][:20]}' is not closed: '{{{{ name }}}}'")
    return filled


def _shown(source: str, names: Mapping[str, Number]) -> str:
    if match := FORMAT.fullmatch(source):
        value = evaluate(match["source"], names)
        try:
            return format(value, match["format"])
        except ValueError as error:
            raise ContentError(f"'{source}': {error}") from error
    return show_number(evaluate(source, names))


def show_number(value: Number) -> str:
    """Write a number as students see it: integers in full, others with at most six digits."""
    if float(value).is_integer():
        return str(int(value))
    return f"{value:.6g}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Param:
    """One parameter: the values it may take, or an expression of earlier ones."""

    line: int
    values: tuple[Number, ...] = ()
    source: str = ""


def read_params(lines: Mapping[int, str]) -> dict[str, Param]:
    """Read a `params` block: `name = [1, 2, 3]`, or `name = expression` of earlier names.

    Args:
        lines: Line number to text.

    Raises:
        LineError: If a line is neither, or names a name twice.
    """
    params: dict[str, Param] = {}
    for number, line in lines.items():
        text = line.partition("#")[0].strip()
        if not text:
            continue
        name, equals, source = (part.strip() for part in text.partition("="))
        if not equals or not name.isidentifier() or name in FUNCTIONS:
            raise LineError(number, "a line of params is 'name = [1, 2]' or 'name = a*b'")
        if name in params:
            raise LineError(number, f"the parameter '{name}' is there twice")
        with at(number):
            values = _list(source) if source.startswith("[") else ()
        params[name] = Param(line=number, values=values, source="" if values else source)
    return params


def _list(source: str) -> tuple[Number, ...]:
    try:
        tree = ast.parse(source, mode="eval").body
    except SyntaxError as error:
        raise ContentError(f"'{source}' is not a list of numbers") from error
    if not isinstance(tree, ast.List) or not tree.elts:
        raise ContentError(f"'{source}' is not a list of numbers")
    return tuple(evaluate(ast.unparse(node), {}) for node in tree.elts)
