"""The words of QTI 2.1 and of QTI 3.0: the same elements under two spellings.

Everything is built under the names of 2.1; for 3.0 `simpleChoice` is written `qti-simple-choice`
and `maxChoices` `max-choices`.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from grader.quiz.export.package import Pictures
from grader.quiz.export.xml import NONE, add, add_html, new
from grader.quiz.markup import to_html, to_inline_html

CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
# what Markdown gives that QTI does not know: attributes, and one element
UNKNOWN_ATTRIBUTES = ("style", "start", "title")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """One version of QTI.

    Attributes:
        name: As messages call it.
        is_kebab: Whether names are written `qti-simple-choice`.
        has_tolerance: Whether a number is compared by `equal` with a tolerance; else by its two
            bounds, as a common player of 3.0 does not know the tolerance.
        namespace: Of items and tests.
        templates: Where the standard response processing lives; `{name}` is its name.
        package_namespace: Of the manifest.
        schema, schema_version: What the manifest calls itself.
        item_type, test_type: Of resources in the manifest.
    """

    name: str
    is_kebab: bool
    has_tolerance: bool
    namespace: str
    templates: str
    package_namespace: str
    schema: str
    schema_version: str
    item_type: str
    test_type: str

    def word(self, name: str) -> str:
        """Spell the name of an element."""
        return f"qti-{_kebab(name)}" if self.is_kebab else name

    def spelled(self, attributes: Mapping[str, str]) -> dict[str, str]:
        """Spell the names of attributes."""
        return {_kebab(name) if self.is_kebab else name: v for name, v in attributes.items()}


def _kebab(name: str) -> str:
    return CAPITAL.sub("-", name).lower()


@dataclass(frozen=True, slots=True)
class Writer:
    """Adds elements in one dialect, and the images of one quiz."""

    dialect: Dialect
    pictures: Pictures

    def root(self, tag: str, attributes: Mapping[str, str]) -> Any:
        """Return a root element."""
        spelled = self.dialect.spelled(attributes)
        return new(self.dialect.word(tag), spelled, nsmap={None: self.dialect.namespace})

    def add(
        self, parent: Any, tag: str, text: str = "", attributes: Mapping[str, str] = NONE
    ) -> Any:
        """Append an element of QTI and return it."""
        return add(parent, self.dialect.word(tag), text, self.dialect.spelled(attributes))

    def variable(self, parent: Any, name: str) -> None:
        """Append the value of a variable."""
        self.add(parent, "variable", "", {"identifier": name})

    def constant(self, parent: Any, kind: str, value: str) -> None:
        """Append a value, of a base type such as "float"."""
        self.add(parent, "baseValue", value, {"baseType": kind})

    def blocks(self, parent: Any, text: str, base: str = "../") -> None:
        """Append Markdown as paragraphs.

        Args:
            parent: Where to.
            text: Markdown.
            base: From the file that is written to the root of the package.
        """
        self._flow(add(parent, "div"), to_html(text, image=lambda path: self._image(path, base)))

    def inline(self, parent: Any, text: str) -> None:
        """Append Markdown without the paragraph around it."""
        self._flow(parent, to_inline_html(text, image=lambda path: self._image(path, "../")))

    def content(self, parent: Any, text: str, base: str = "../") -> None:
        """Append paragraphs to feedback or a rubric block; 3.0 has an element around them."""
        place = self.add(parent, "contentBody") if self.dialect.is_kebab else parent
        self.blocks(place, text, base)

    def _image(self, path: str, base: str) -> str:
        return base + self.pictures.add(path)

    def _flow(self, parent: Any, markup: str) -> None:
        add_html(parent, markup)
        for element in parent.iter():
            for name in UNKNOWN_ATTRIBUTES:
                element.attrib.pop(name, None)
            if element.tag == f"{{{self.dialect.namespace}}}s":
                element.tag = f"{{{self.dialect.namespace}}}span"
