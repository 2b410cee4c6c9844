"""The patches of a failing test, as the watch saw them: what they replaced, and where."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from types import CodeType, FunctionType

from loopcheck.labels import Labels
from loopcheck.process import objects
from loopcheck.process.failure import Step
from loopcheck.process.patches import active_patches
from loopcheck.process.patches.replaced import MOCKS, Entry
from loopcheck.records import Place
from loopcheck.source import parsed_files, project_files
from loopcheck.source.nodes import calls_in, spans_line


def target(entry: Entry) -> str:
    """Return the replaced name as a person would write it: "store.get_client"."""
    owner = entry.owner()
    return f"{active_patches.named(owner) or objects.type_name(owner)}.{entry.attribute}"


def place(entry: Entry, labels: Labels) -> Place | None:
    """Return the line that patches."""
    if entry.site is not None:
        file, line, name = entry.site
        line = _says(file, line, entry.attribute) or line
        return Place(labels.file(file), line, name if name != "<module>" else None)
    if entry.decorated is not None:
        return _decorator(entry.decorated, entry.attribute, labels)
    patch = active_patches.Patch(
        owner=entry.owner(), attribute=entry.attribute, original=entry.original(), by=entry.by
    )
    return active_patches.made_at(patch, labels)


def _says(file: str, line: int, attribute: str) -> int | None:
    """Return the line of the only `patch(…)` that `patcher.start()` at *line* starts."""
    module = parsed_files.tree(file)
    lines = []
    for node in calls_in(module):
        if not _PATCHES.search(ast.unparse(node.func)):
            continue
        if spans_line(node, line):
            return None  # it starts on the line that creates it
        said = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
        if any(isinstance(one, str) and one.rpartition(".")[2] == attribute for one in said):
            lines.append(node.lineno)
    return lines[0] if len(lines) == 1 else None


_PATCHES = re.compile(r"(^|\.)(patch(\.object|\.multiple)?|setattr)$")


def through(entry: Entry, trace: Iterable[Step]) -> bool:
    """Return whether a frame of *trace* is the double itself: it may call the original."""
    double = entry.double()
    for step in trace:
        if entry.code is not None and step.frame.f_code is entry.code:
            return True
        if double is not None and step.module in MOCKS:
            own = step.frame.f_locals.get("self")
            if own is double or (own is not None and own is mock_of(double)):
                return True
    return False


def mock_of(double: object) -> object:
    """Return the mock behind a function of `create_autospec`."""
    return vars(double).get("mock") if type(double) is FunctionType else None


def _decorator(code: CodeType, attribute: str, labels: Labels) -> Place:
    """Return the `@patch` over a function, or over its class, that names *attribute*."""
    file, first = code.co_filename, code.co_firstlineno
    function = parsed_files.function_at(file, first)
    module = parsed_files.tree(file)
    classes = [
        node
        for node in (parsed_files.statements(module) if module else ())
        if isinstance(node, ast.ClassDef) and spans_line(node, first)
    ]
    for around in (function, *classes):
        for one in around.decorator_list if around is not None else ():
            said = ast.unparse(one)
            if "patch" in said and attribute in said:
                return Place(labels.file(file), one.lineno, code.co_name)
    return Place(labels.file(file), first, code.co_name)


def at_home(entry: Entry) -> bool:
    """Return whether the patched module also defines the original, and did not just import it."""
    owner, original = entry.owner(), entry.original()
    name = active_patches.named(owner) or ""
    if not objects.is_module(owner):
        return True
    function = objects.function_of(original)
    if objects.is_a(original, type):
        home = objects.module_of(original)
    elif function is not None:
        home = str(function.__globals__.get("__name__", ""))
    else:
        return True
    if home == name or home.startswith(f"{name}."):
        return True
    file = vars(owner).get("__file__")
    mine = type(file) is str and project_files.owner(file, name) == "user"
    return not mine and home.partition(".")[0] == name.partition(".")[0]


# Words for records


def test_file(file: str) -> bool:
    """Return whether *file* is a test file, by its name."""
    stem = file.replace("\\", "/").rpartition("/")[2].removesuffix(".py")
    return stem.startswith("test_") or stem.endswith("_test") or stem == "conftest"


def module_dot(held: Mapping[str, object]) -> str:
    """Return the prefix of a module's global; "" in a notebook."""
    name = str(held.get("__name__", ""))
    return f"{name}." if name and name != "__main__" else ""


def def_line(block: ast.AST | None, line: int) -> int:
    """Return the line of the `def` itself, below its decorators."""
    return getattr(block, "lineno", line)
