"""Where the project uses an attribute of what it calls by a name: `self.ready.set`, `lock.acquire`.

Comments and strings are no uses. Names alone say it: another object of that name counts, too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.light import dataclass
from loopcheck.source import parsed_files, project_files
from loopcheck.source.calls import last


@dataclass(frozen=True)
class Use:
    """A use of an attribute, called there or passed on."""

    file: str
    line: int
    function: str | None


def of(name: str, attribute: str) -> Iterator[Use]:
    """Yield each use of *attribute* of what is called *name*, in the project's files."""
    for file in _mentioning(name, attribute):
        for node in _nodes(file):
            if not isinstance(node, ast.Attribute) or node.attr != attribute:
                continue
            if last(node.value) == name:
                line = node.end_lineno or node.lineno
                around = parsed_files.enclosing(file, line)
                yield Use(file, line, around[0].name if around else None)


def entered(name: str) -> bool:
    """Return whether any `async with` of the project enters what is called *name*."""
    return any(
        last(item.context_expr) == name
        for file in _mentioning(name, "async with")
        for node in _nodes(file)
        if isinstance(node, ast.AsyncWith)
        for item in node.items
    )


def _mentioning(*words: str) -> Iterator[str]:
    for file in project_files.files():
        text = parsed_files.text(file)
        if all(word in text for word in words):
            yield file


def _nodes(file: str) -> Iterator[ast.AST]:
    tree = parsed_files.tree(file)
    return ast.walk(tree) if tree is not None else iter(())
