"""Builds XML for the exporters: nothing that a reader would refuse, read differently, or fetch."""

import re
from collections.abc import Mapping
from typing import Any

from grader.quiz.extra import need

# all that XML 1.0 does not allow: control characters, lone surrogates, two non-characters
FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NONE: Mapping[str, str] = {}
# of these nothing inside is indented: spaces in them are shown
FLOW = frozenset(
    {
        "a",
        "blockquote",
        "code",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "label",
        "li",
        "p",
        "pre",
        "s",
        "span",
        "strong",
        "td",
        "text",
        "th",
    }
)


def legal(text: str) -> str:
    """Return a text that XML can carry: forbidden characters become U+FFFD, line ends LF."""
    return FORBIDDEN.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n"))


def new(
    tag: str, attributes: Mapping[str, str] = NONE, *, nsmap: Mapping[str | None, str] | None = None
) -> Any:
    """Return a root element.

    Args:
        tag: In the namespace of the prefix None, if `nsmap` has one.
        attributes: Name to value; a name may be "{namespace}name".
        nsmap: Prefix, or None, to namespace.
    """
    default = (nsmap or {}).get(None, "")
    root = need("lxml.etree").Element(f"{{{default}}}{tag}" if default else tag, nsmap=nsmap)
    return _set(root, attributes)


def add(parent: Any, tag: str, text: str = "", attributes: Mapping[str, str] = NONE) -> Any:
    """Append an element, in its parent's namespace, and return it."""
    etree = need("lxml.etree")
    namespace = etree.QName(parent).namespace
    child = etree.SubElement(parent, f"{{{namespace}}}{tag}" if namespace else tag)
    child.text = legal(text) or None
    return _set(child, attributes)


def add_cdata(parent: Any, tag: str, markup: str, attributes: Mapping[str, str] = NONE) -> Any:
    """Append an element whose text is markup, in a CDATA section for whoever reads the file."""
    child = add(parent, tag, "", attributes)
    text = legal(markup)
    if "]]>" in text or not text:  # a section cannot hold its own end: escaped instead
        child.text = text or None
    else:
        child.text = need("lxml.etree").CDATA(text)
    return child


def add_html(parent: Any, markup: str) -> None:
    """Append HTML as elements, in the parent's namespace.

    Args:
        parent: Where to.
        markup: What grader.quiz.markup.to_html returns: it is well-formed.
    """
    etree = need("lxml.etree")
    namespace = etree.QName(parent).namespace
    root = read(f"<html>{legal(markup)}</html>".encode())
    if namespace:
        for element in root.iter():
            element.tag = f"{{{namespace}}}{element.tag}"
    _append_text(parent, root.text or "")
    for child in list(root):
        parent.append(child)  # its tail goes with it
    etree.cleanup_namespaces(parent)


def _append_text(parent: Any, text: str) -> None:
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text or None
    else:
        parent.text = (parent.text or "") + text or None


def _set(element: Any, attributes: Mapping[str, str]) -> Any:
    for name, value in attributes.items():
        element.set(name, legal(value))
    return element


def to_bytes(root: Any) -> bytes:
    """Return a document: UTF-8 with its declaration, LF, indented where spaces mean nothing."""
    etree = need("lxml.etree")
    _indent(root, 0)
    body: bytes = etree.tostring(root, encoding="UTF-8")
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + body + b"\n"


def _indent(element: Any, depth: int) -> None:
    children = list(element)
    tag = need("lxml.etree").QName(element).localname
    texts = [element.text, *(child.tail for child in children)]
    if not children or tag in FLOW or any(text and text.strip() for text in texts):
        return
    element.text = "\n" + "  " * (depth + 1)
    for child in children:
        _indent(child, depth + 1)
        child.tail = element.text
    children[-1].tail = "\n" + "  " * depth


def read(content: bytes) -> Any:
    """Parse a document; nothing outside it is read.

    Raises:
        lxml.etree.XMLSyntaxError: If it is not well-formed.
    """
    etree = need("lxml.etree")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True
    )
    return etree.fromstring(content, parser)
