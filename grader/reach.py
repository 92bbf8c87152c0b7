"""Which functions of a program a call can reach, read from its source; nothing is run."""

import ast
from collections.abc import Collection


def reachable(source: bytes, names: Collection[str]) -> frozenset[str]:
    """Return the top-level names of a module that some of its functions use, directly or not.

    Every name and attribute that is written counts as a use, so nothing reached is left out unless
    it is looked up by a text.

    Args:
        source: The module.
        names: Where to begin.
    """
    uses = {
        name: {
            word
            for inner in ast.walk(node)
            for word in (getattr(inner, "id", None), getattr(inner, "attr", None))
            if word
        }
        for node in ast.parse(source).body
        for name in _defined(node)
    }
    found: set[str] = set()
    waiting = set(names)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting |= uses.get(name, set()) & set(uses)
    return frozenset(found)


def _defined(node: ast.stmt) -> list[str]:
    """Return the names that a top-level statement defines."""
    if isinstance(node, ast.FunctionDef | ast.ClassDef):
        return [node.name]
    targets = node.targets if isinstance(node, ast.Assign) else []
    targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
    return [target.id for target in targets if isinstance(target, ast.Name)]
