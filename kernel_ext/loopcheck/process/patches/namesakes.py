"""A patch of a library's function where the code uses its namesake: `redis`, `redis.asyncio`.

The replaced object was never copied: the code uses another object of that name. Reported only if
that one connected to a server that does not exist, and no other code uses the replaced one.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from types import FunctionType

from loopcheck.labels import Labels, plain
from loopcheck.process import objects, reach
from loopcheck.process.failure import Link, Step
from loopcheck.process.patches import patch_origins, patch_records
from loopcheck.process.patches.patch_origins import Use
from loopcheck.process.patches.replaced import Entry
from loopcheck.process.stores import unreachable
from loopcheck.records import MissedPatch, Place
from loopcheck.source import modules, parsed_files, project_files
from loopcheck.source.nodes import calls_in


def read(links: Sequence[Link], entries: Sequence[Entry], labels: Labels) -> MissedPatch | None:
    """Return the patch of a namesake of the function that created the unconnected client."""
    aimed = [one for one in entries if _library(one.original()) and not (one.calls or one.added)]
    step = _last(links) if aimed else None
    if step is None or unreachable.read(links) is None:
        return None
    for use in (*patch_origins.operands(step), *_only_call(step, aimed)):
        if any(one.owner() is use.held for one in entries if one.attribute == use.name):
            continue
        for entry in aimed:
            if _namesakes(entry.original(), use.held.get(use.name)) and not _wanted(entry):
                return _record(entry, use, labels)
    return None


def _last(links: Sequence[Link]) -> Step | None:
    """Return the innermost user step of the first error that has one."""
    users = (step for link in links for step in link.users)
    return next(users, None)


def _library(thing: object) -> str | None:
    """Return the library that *thing*, a function or a class, comes from."""
    if not reach.of_kind(thing, (FunctionType, type)):
        return None
    module = thing.__module__ if type(thing) is FunctionType else None
    if objects.is_a(thing, type):
        module = objects.module_of(thing)
    file = project_files.module_file(module) if type(module) is str else None
    return str(module).partition(".")[0] if file and project_files.installed(file) else None


def _namesakes(one: object, other: object) -> bool:
    """Return whether these are two objects of one library with the same name."""
    alike = type(one) is type(other) and _library(one) == _library(other) is not None
    return alike and one is not other and _name(one) == _name(other)


def _name(thing: object) -> object:
    if objects.is_a(thing, type):
        return type.__dict__["__name__"].__get__(thing)
    return thing.__name__ if type(thing) is FunctionType else None


def _only_call(step: Step, entries: Sequence[Entry]) -> Iterator[Use]:
    """Yield what the file of *step* calls by the replaced name, if it does so only once.

    An attribute keeps the client, and nothing shows which line assigned it.
    """
    file, held = step.frame.f_code.co_filename, step.frame.f_globals
    module = parsed_files.tree(file)
    calls = [*calls_in(module)]
    for attribute in dict.fromkeys(one.attribute for one in entries):
        named = [call for call in calls if _says(call.func) == attribute]
        for call in named if len(named) == 1 else ():
            yield from patch_origins.named_by(call.func, held, file)


def _says(node: ast.expr) -> str | None:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return None


def _wanted(entry: Entry) -> bool:
    """Return whether a user module has the replaced object: then the patch is for that one."""
    for space in modules.spaces():
        if space.file is not None and patch_records.test_file(space.file):
            continue
        said = "".join(parsed_files.text(file) for file in space.files())
        for name, value in list(space.held.items()):
            if value is entry.original() or value is entry.double():
                return True
            if value is entry.owner() and f"{name}.{entry.attribute}" in said:
                return True
    return False


def _record(entry: Entry, use: Use, labels: Labels) -> MissedPatch:
    file, line = use.at or (None, 0)
    return MissedPatch(
        target=plain(patch_records.target(entry)),
        how="namesake",
        place=patch_records.place(entry, labels),
        name=plain(f"{patch_records.module_dot(use.held)}{use.name}"),
        used_at=Place(labels.file(file), line) if file is not None else None,
        double=entry.kind or None,
        sure=entry.calls == 0,
    )
