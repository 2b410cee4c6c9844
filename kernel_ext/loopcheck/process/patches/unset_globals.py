"""A global that is None where the failing line uses it, and what should have set it."""

from __future__ import annotations

import ast
import dis
import sys
from collections.abc import Iterator, Mapping, Sequence
from types import FunctionType, ModuleType
from typing import Literal

from loopcheck.labels import Labels, plain
from loopcheck.process import objects
from loopcheck.process.failure import Link, Step
from loopcheck.process.patches import patch_records
from loopcheck.process.patches.replaced import Entry
from loopcheck.records import MissedPatch, Place
from loopcheck.source import parsed_files, project_files
from loopcheck.source.nodes import nodes_of
from loopcheck.source.values import meaning

Held = Mapping[str, object]
_GONE = object()


def read(link: Link, entries: Sequence[Entry], labels: Labels) -> MissedPatch | None:
    """Return the patch because of which a global that the failing line uses is still None."""
    step = link.user
    if step is None or (step is not link.trace[-1]):
        return None
    for held, name, file in _nones(link, step):
        found = _stale(held, name, file, step, entries, labels)
        found = found or _unmade(held, name, file, step, entries, labels)
        if found is not None:
            return found
    return None


def _nones(link: Link, step: Step) -> Iterator[tuple[Held, str, str]]:
    """Yield the globals that are None and that the failing expression uses."""
    node = step.source.expression
    said = objects.said(link.error)
    parts: list[ast.expr] = []
    if objects.is_a(link.error, AttributeError):
        if AttributeError.__dict__["obj"].__get__(link.error) is None and isinstance(
            node, ast.Attribute
        ):
            parts = [node.value]
    elif objects.is_a(link.error, TypeError) and "NoneType" in said and node is not None:
        parts = [p for p in (node, getattr(node, "value", None), getattr(node, "func", None)) if p]
    else:
        parts = list(_guarding(step))
    for part in parts:
        yield from _global(part, step, said)


def _global(node: ast.expr, step: Step, said: str) -> Iterator[tuple[Held, str, str]]:
    frame = step.frame
    if isinstance(node, ast.Name):
        own = meaning.own_names(frame)
        if node.id not in own and meaning.of(node, frame) is None:
            yield frame.f_globals, node.id, frame.f_code.co_filename
    elif isinstance(node, ast.Attribute):
        owner = meaning.of(node.value, frame)
        if objects.is_module(owner) and objects.attribute(owner, node.attr) is None:
            file = vars(owner).get("__file__")
            if type(file) is str and project_files.owner(file) == "user":
                yield vars(owner), node.attr, file


def _guarding(step: Step) -> Iterator[ast.expr]:
    """Yield what the user's own check found to be None before it raised."""
    statement = step.source.statement
    around = parsed_files.enclosing(step.frame.f_code.co_filename, step.line)
    if isinstance(statement, ast.Assert) and not patch_records.test_file(
        step.frame.f_code.co_filename
    ):
        yield from nodes_of((ast.Name, ast.Attribute), statement.test)
    if isinstance(statement, ast.Raise) and around:
        for node in nodes_of(ast.If, around[0]):
            if statement in node.body:
                yield from nodes_of((ast.Name, ast.Attribute), node.test)


def _stale(
    held: Held, name: str, file: str, step: Step, entries: Sequence[Entry], labels: Labels
) -> MissedPatch | None:
    """Return the import that copied None, though the name in its own module has a value now."""
    for node, alias in _imports(file, name):
        home = _home(held, node)
        if home is None:
            continue
        line = Place(labels.file(file), node.lineno, name)
        entry = _of(entries, home, alias)
        if entry is not None:
            return MissedPatch(
                target=plain(patch_records.target(entry)),
                how="copy",
                place=patch_records.place(entry, labels),
                name=plain(f"{patch_records.module_dot(held)}{name}"),
                kept_at=line,
                used_at=step.place(labels),
                double=entry.kind or None,
                none=True,
            )
        if vars(home).get(alias) is not None:
            return MissedPatch(
                target=f"{vars(home)['__name__']}.{alias}",
                how="stale",
                place=line,
                name=plain(f"{patch_records.module_dot(held)}{name}"),
                kept_at=line,
                used_at=step.place(labels),
                none=True,
            )
    return None


def _imports(file: str, name: str) -> Iterator[tuple[ast.ImportFrom, str]]:
    module = parsed_files.tree(file)
    for node in module.body if module else ():
        if isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if (alias.asname or alias.name) == name:
                    yield node, alias.name


def _home(held: Held, node: ast.ImportFrom) -> ModuleType | None:
    """Return the loaded module that an import statement names."""
    said = node.module or ""
    if node.level:
        package = str(held.get("__package__") or held.get("__name__", "").rpartition(".")[0])  # type: ignore[attr-defined]
        for _ in range(node.level - 1):
            package = package.rpartition(".")[0]
        said = f"{package}.{said}" if said else package
    found = sys.modules.get(said)
    return found if type(found) is ModuleType else None


def _of(entries: Sequence[Entry], owner: ModuleType, attribute: str) -> Entry | None:
    return next((e for e in entries if e.owner() is owner and e.attribute == attribute), None)


def _unmade(
    held: Held, name: str, file: str, step: Step, entries: Sequence[Entry], labels: Labels
) -> MissedPatch | None:
    """Return the patch of the function that should set the global, or of what it needs."""
    for node, alias in _imports(file, name):  # its own module sets the name
        home = _home(held, node)
        if home is not None and vars(home).get(alias, _GONE) is None:
            held, name = vars(home), alias
    setters = [f for f in _functions(held, entries) if _sets(f, name)]
    for entry in entries:
        mine = objects.function_of(entry.original())
        if mine is not None and any(mine is one for one in setters):
            return _unset(entry, held, name, mine, step, labels, how="none")
    for entry in entries:
        if entry.calls or entry.owner() is None or vars(entry.owner()) is not held:
            continue
        user = next((f for f in setters if entry.attribute in f.__code__.co_names), None)
        if user is not None:
            return _unset(entry, held, name, user, step, labels, how="unmade")
    return None


def _functions(held: Held, entries: Sequence[Entry]) -> list[FunctionType]:
    things = [*held.values(), *(entry.original() for entry in entries)]
    found = [objects.function_of(thing) for thing in things]
    return [one for one in found if one is not None and one.__globals__ is held]


def _sets(function: FunctionType, name: str) -> bool:
    steps = dis.get_instructions(function.__code__)
    return any(one.opname == "STORE_GLOBAL" and one.argval == name for one in steps)


def _unset(
    entry: Entry,
    held: Held,
    name: str,
    setter: FunctionType,
    step: Step,
    labels: Labels,
    *,
    how: Literal["none", "unmade"],
) -> MissedPatch:
    code = setter.__code__
    block = parsed_files.function_of(code)
    return MissedPatch(
        target=plain(patch_records.target(entry)),
        how=how,
        place=patch_records.place(entry, labels),
        name=plain(f"{patch_records.module_dot(held)}{name}"),
        kept_at=Place(
            labels.file(code.co_filename),
            patch_records.def_line(block, code.co_firstlineno),
            setter.__name__,
        ),
        used_at=step.place(labels),
        double=entry.kind or None,
        none=True,
        sure=how == "none",
    )
