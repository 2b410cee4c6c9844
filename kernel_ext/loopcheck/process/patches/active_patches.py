"""Patches that are in place now, and the names that still hold the original."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator
from types import BuiltinFunctionType, FunctionType, ModuleType
from typing import Literal

from loopcheck.labels import Labels, plain
from loopcheck.light import dataclass
from loopcheck.process import heap, objects, reach
from loopcheck.records import PatchRecord, Place
from loopcheck.source import calls, modules
from loopcheck.source.values import meaning

peek = objects.peek

Spaces = tuple[modules.Space, ...]
MONKEY = "_pytest.monkeypatch"
_OWN = frozenset({"_pytest", "pytest", "pytest_asyncio", "pluggy"})
# Replacing a module inside one module is intended: other modules that import it are not missed.
_SHARED = (FunctionType, BuiltinFunctionType, type)


@dataclass(frozen=True, kw_only=True, eq=False)
class Patch:
    """A patch that is in place. Lives only while the probe runs."""

    owner: object  # module, class or object whose attribute was replaced
    attribute: str
    original: object
    by: Literal["unittest.mock", "monkeypatch"]


def read_patches(
    labels: Labels, item: object | None = None, *, deep: bool = False
) -> tuple[PatchRecord, ...]:
    """Return the active patches: started ones, and those of the monkeypatch of *item*.

    Only *deep* sees what `with patch(…)`, `@patch` and other monkeypatches replaced: only the heap
    has those.
    """
    found = list(_in_place(item, deep))
    if not found:
        return ()
    users, among = modules.spaces(), _testing()
    records = {_read(patch, users, among, labels) for patch in found}
    return tuple(sorted(records, key=lambda record: (record.target, record.by, record.double)))


def _in_place(item: object | None, deep: bool) -> Iterator[Patch]:
    mocks, monkeys = _from_heap() if deep else ([], [])
    kind = objects.loaded_class("unittest.mock", "_patch")
    started = objects.class_dict(kind).get("_active_patches") if kind else None
    for mock in _once([*(started if type(started) is list else ()), *mocks]):
        yield from _mocked(mock)
    given = peek(item, "funcargs") if item is not None else None
    for monkey in _once([*(given.values() if type(given) is dict else ()), *monkeys]):
        if objects.type_name(monkey) == f"{MONKEY}.MonkeyPatch":
            yield from _monkeyed(monkey)


def _from_heap() -> tuple[list[object], list[object]]:
    mock, pytest = objects.loaded_class("unittest.mock", "_patch"), sys.modules.get(MONKEY)
    monkey = pytest.__dict__.get("MonkeyPatch") if type(pytest) is ModuleType else None
    if mock is None and monkey is None:
        return [], []
    things = heap.instances(kind for kind in (mock, monkey) if isinstance(kind, type))
    mocks = [thing for thing in things if type(thing) is mock]
    return mocks, [thing for thing in things if type(thing) is monkey]


def _once(things: Iterable[object]) -> list[object]:
    return list({id(thing): thing for thing in things}.values())


def _mocked(patch: object) -> Iterator[Patch]:
    owner, attribute = peek(patch, "target"), peek(patch, "attribute")
    entered = type(peek(patch, "is_local")) is bool  # gone after exit; None may be an original
    if entered and type(attribute) is str and not _machinery(owner):
        original = peek(patch, "temp_original")
        yield Patch(owner=owner, attribute=attribute, original=original, by="unittest.mock")


def _monkeyed(monkey: object) -> Iterator[Patch]:
    # `_setitem` is never read: for `setenv` it holds the whole environment
    kept = peek(monkey, "_setattr")
    for entry in list(kept) if type(kept) is list else ():
        owner, attribute, original = entry if type(entry) is tuple else (None, None, None)
        if type(attribute) is str and not _machinery(owner):
            yield Patch(owner=owner, attribute=attribute, original=original, by="monkeypatch")


def _machinery(owner: object) -> bool:
    """Return whether a test framework patched itself: pytest-mock patches all mock classes."""
    name = named(owner) or ""
    mocked = name.startswith("unittest.mock.") and objects.is_a(owner, type)
    return mocked or name.partition(".")[0] in _OWN


def named(owner: object) -> str | None:
    """Return the dotted name of a module or class, for any other object that of its type."""
    if (held := _space_of(owner)) is not None:
        name = held.get("__name__")
        return name if type(name) is str else None
    if objects.is_a(owner, type):
        kind = owner
        return f"{objects.module_of(kind)}.{type.__dict__['__qualname__'].__get__(kind)}"
    return objects.type_name(owner)


def _read(patch: Patch, users: Spaces, among: Spaces, labels: Labels) -> PatchRecord:
    held = _space_of(patch.owner)
    return PatchRecord(
        target=plain(f"{_written(patch.owner, users)}.{patch.attribute}"),
        by=patch.by,
        double=objects.type_name(_standing(patch, held)),
        made_at=_made_at(patch, among, labels),
        missed=tuple(plain(name) for name in _missed(patch, held, users)),
    )


def _space_of(owner: object) -> dict[str, object] | None:
    if not objects.is_module(owner):
        return None
    found: dict[str, object] = vars(ModuleType)["__dict__"].__get__(owner)
    return found


def _written(owner: object, users: Spaces) -> str:
    """Return the owner as user code may write it; an object by a name that holds it."""
    if not objects.is_module(owner) and not objects.is_a(owner, type):
        for space in users:
            for name, value in list(space.held.items()):
                if value is owner:
                    return space.written(name)
        return f"{named(owner)}()"
    return named(owner) or "?"


def _standing(patch: Patch, held: dict[str, object] | None) -> object:
    if held is not None:
        return held.get(patch.attribute)
    if objects.is_a(patch.owner, type):
        return objects.class_dict(patch.owner).get(patch.attribute)
    return peek(patch.owner, patch.attribute)


def _missed(patch: Patch, held: dict[str, object] | None, users: Spaces) -> Iterator[str]:
    if held is None or not reach.of_kind(patch.original, _SHARED):
        return
    for space in users:
        if space.held is held or _defines(space, patch.original):
            continue
        for name, value in list(space.held.items()):
            if value is patch.original:
                yield space.written(name)


def _defines(space: modules.Space, original: object) -> bool:
    """Return whether *space* itself defines *original*: there it is no copy."""
    if type(original) is FunctionType:
        return original.__globals__ is space.held
    home = objects.module_of(original) if objects.is_a(original, type) else None
    return home == space.name


# The lines of user code that patch


def made_at(patch: Patch, labels: Labels) -> Place | None:
    """Return the only line that patches this attribute, None if there are none or several."""
    return _made_at(patch, _testing(), labels)


def _made_at(patch: Patch, among: Spaces, labels: Labels) -> Place | None:
    replaces = _sets_attribute if patch.by == "monkeypatch" else _patches

    def says(space: modules.Space, call: ast.Call) -> bool:
        return replaces(call.func) and _names(patch, space, call)

    return modules.only_call(among, patch.attribute, says, labels)


def _sets_attribute(function: ast.expr) -> bool:
    return isinstance(function, ast.Attribute) and function.attr == "setattr"


def _patches(function: ast.expr) -> bool:
    """Return whether *function* is `patch`, or `patch.object`, also of a module or fixture."""
    if isinstance(function, ast.Attribute) and function.attr == "object":
        function = function.value
    return calls.last(function) == "patch"


def _names(patch: Patch, space: modules.Space, call: ast.Call) -> bool:
    """Return whether *call* names the attribute: `"store.get"`, or `store, "get"`."""
    first = modules.text_of(call.args[0]) if call.args else None
    if first is not None:
        owner = (named(patch.owner) or "").rpartition(".")[2]
        return first.split(".")[-2:] == [owner, patch.attribute]
    if len(call.args) < 2 or modules.text_of(call.args[1]) != patch.attribute:
        return False
    return meaning.of(call.args[0], space.held) is patch.owner


def _testing() -> Spaces:
    """Return the spaces that may patch: tests, conftests, and modules that use mock or pytest."""
    mock = sys.modules.get("unittest.mock")
    patch = mock.__dict__.get("patch") if type(mock) is ModuleType else None
    tools = [mock, patch, sys.modules.get("unittest"), sys.modules.get("pytest")]
    known = {space.name for space in modules.keeping(*tools)}
    return tuple(s for s in modules.spaces() if s.name in known or _test_file(s.file))


def _test_file(file: str | None) -> bool:
    stem = (file or "").replace("\\", "/").rpartition("/")[2].removesuffix(".py")
    return file is None or stem.startswith("test_") or stem.endswith("_test") or stem == "conftest"
