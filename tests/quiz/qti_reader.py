"""Reads packages of QTI 2.1 and 3.0 and scores responses, by the specification; no code of ours.

Values are None (NULL), str, float, bool, or lists of str. Names of 3.0 are read as those of 2.1.
Source: 1EdTech, QTI 2.1 Assessment Test, Section and Item Information Model, sections 8 to 11.
"""

import io
import math
import re
import zipfile
from collections.abc import Sequence
from typing import Any

from lxml import etree

Response = str | list[str] | None
NCNAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?")


def name(element: Any) -> str:
    """Return an element's name as 2.1 spells it."""
    return camel(etree.QName(element).localname.removeprefix("qti-"))


def camel(text: str) -> str:
    return re.sub(r"-([a-z])", lambda match: match[1].upper(), text)


def attribute(element: Any, key: str, default: str = "") -> str:
    kebab = re.sub(r"(?<=[a-z])([A-Z])", lambda match: "-" + match[1].lower(), key)
    return element.get(key, element.get(kebab, default))


def children(element: Any, *wanted: str) -> list[Any]:
    """Return elements below this one, by name; all if none is named."""
    return [child for child in element if not wanted or name(child) in wanted]


def below(element: Any, wanted: str) -> list[Any]:
    return [found for found in element.iter(tag=etree.Element) if name(found) == wanted]


def read_zip(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        assert package.testzip() is None
        names = package.namelist()
        assert len(set(names)) == len(names)
        return {entry: package.read(entry) for entry in names}


def parse(content: bytes) -> Any:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def text_of(element: Any) -> str:
    """Return what is read, without the tags; runs of spaces are one."""
    return " ".join("".join(element.itertext()).split())


class Item:
    """One item, ready to be answered."""

    def __init__(self, content: bytes) -> None:
        """Parse the item's file."""
        self.root = parse(content)
        self.declaration = below(self.root, "responseDeclaration")[0]
        self.cardinality = attribute(self.declaration, "cardinality")
        self.kind = attribute(self.declaration, "baseType")

    def outcomes(self, response: Response) -> dict[str, Any]:
        """Process a response and return the outcome variables."""
        variables: dict[str, Any] = {"RESPONSE": self._typed(response)}
        for declared in below(self.root, "outcomeDeclaration"):
            defaults = [text_of(value) for value in below(declared, "value")]
            is_float = attribute(declared, "baseType") == "float"
            value = float(defaults[0]) if is_float and defaults else None
            variables[attribute(declared, "identifier")] = value
        processing = below(self.root, "responseProcessing")[0]
        template = processing.get("template", "").rsplit("/", 1)[-1].removesuffix(".xml")
        if template == "match_correct":
            is_right = self._same(variables["RESPONSE"], self._correct())
            variables["SCORE"] = 1.0 if is_right else 0.0
        elif template == "map_response":
            variables["SCORE"] = self._mapped(variables["RESPONSE"])
        else:
            assert not template
            self._run(processing, variables)
        return variables

    def score(self, response: Response) -> float:
        return float(self.outcomes(response)["SCORE"])

    def shown(self, response: Response) -> list[str]:
        """Return the feedback that is shown to a response."""
        outcomes = self.outcomes(response)
        said = []
        for feedback in below(self.root, "modalFeedback"):
            assert attribute(feedback, "showHide") == "show"
            value = outcomes[attribute(feedback, "outcomeIdentifier")]
            values = value if isinstance(value, list) else [value]
            if attribute(feedback, "identifier") in values:
                said.append(text_of(feedback))
        return said

    def _typed(self, response: Response) -> Any:
        if not response:
            return None
        if self.kind == "float":
            return float(response) if NUMBER.fullmatch(str(response)) else None
        return response

    def _correct(self) -> Any:
        values = [text_of(v) for v in below(below(self.declaration, "correctResponse")[0], "value")]
        return values[0] if self.cardinality == "single" else values

    def _same(self, left: Any, right: Any) -> bool | None:
        if left is None or right is None:
            return None
        assert not isinstance(left, float), "match is not for floats"
        if self.cardinality == "multiple" and isinstance(left, list):
            return sorted(left) == sorted(right)
        return bool(left == right)

    def _mapped(self, response: Any) -> float:
        mapping = below(self.declaration, "mapping")[0]
        entries = {
            attribute(entry, "mapKey"): float(attribute(entry, "mappedValue"))
            for entry in below(mapping, "mapEntry")
        }
        default = float(attribute(mapping, "defaultValue"))
        given = response if isinstance(response, list) else [response] if response else []
        total = sum(entries.get(one, default) for one in dict.fromkeys(given))
        low = float(attribute(mapping, "lowerBound") or -math.inf)
        high = float(attribute(mapping, "upperBound") or math.inf)
        return min(max(total, low), high)

    def _run(self, parent: Any, variables: dict[str, Any]) -> None:
        for rule in children(parent):
            if name(rule) == "setOutcomeValue":
                value = self._value(children(rule)[0], variables)
                variables[attribute(rule, "identifier")] = value
            elif name(rule) == "responseCondition":
                self._branch(rule, variables)
            else:
                assert name(parent) in ("responseIf", "responseElseIf"), name(rule)

    def _branch(self, condition: Any, variables: dict[str, Any]) -> None:
        for branch in children(condition):
            is_else = name(branch) == "responseElse"
            if is_else or self._value(children(branch)[0], variables) is True:
                self._run(branch, variables)
                return

    def _value(self, element: Any, variables: dict[str, Any]) -> Any:
        operation = getattr(self, f"_{name(element)}", None)
        if operation is not None:
            return operation(element, variables)
        values = [self._value(child, variables) for child in children(element)]
        if None in values:
            return None
        return getattr(self, f"_of_{name(element)}")(element, *values)

    def _variable(self, element: Any, variables: dict[str, Any]) -> Any:
        return variables[attribute(element, "identifier")]

    def _baseValue(self, element: Any, _: object) -> Any:  # noqa: N802  named as in QTI
        text = element.text or ""
        kind = attribute(element, "baseType")
        return float(text) if kind in ("float", "integer") else text

    def _isNull(self, element: Any, variables: dict[str, Any]) -> bool:  # noqa: N802
        return self._value(children(element)[0], variables) is None

    def _mapResponse(self, _: object, variables: dict[str, Any]) -> float:  # noqa: N802
        return self._mapped(variables["RESPONSE"])

    def _match(self, element: Any, variables: dict[str, Any]) -> bool | None:
        left, right = children(element)
        values = [
            self._correct() if name(side) == "correct" else self._value(side, variables)
            for side in (left, right)
        ]
        return self._same(*values)

    def _of_and(self, _: object, *values: bool) -> bool:
        return all(values)

    def _of_gte(self, _: object, left: float, right: float) -> bool:
        return left >= right

    def _of_lte(self, _: object, left: float, right: float) -> bool:
        return left <= right

    def _of_equal(self, element: Any, left: float, right: float) -> bool:
        assert attribute(element, "toleranceMode") == "absolute"
        below_it, above_it = map(float, attribute(element, "tolerance").split())
        return right - below_it <= left <= right + above_it

    def _of_stringMatch(self, element: Any, left: str, right: str) -> bool:  # noqa: N802
        assert attribute(element, "caseSensitive") == "false"
        return left.lower() == right.lower()

    def _of_sum(self, _: object, *values: float) -> float:
        return sum(values)

    def _of_product(self, _: object, *values: float) -> float:
        return math.prod(values)

    def _of_divide(self, _: object, left: float, right: float) -> float | None:
        return left / right if right else None

    def _of_containerSize(self, _: object, values: Sequence[str]) -> float:  # noqa: N802
        return float(len(values))

    def _of_index(self, element: Any, values: Sequence[str]) -> str | None:
        place = int(attribute(element, "n"))
        return values[place - 1] if place <= len(values) else None
