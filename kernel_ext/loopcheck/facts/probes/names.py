"""The user's own name for an object, and the lines that keep and make it.

A person looks for what they wrote: `cart.store`, not `StreamReader`. So the objects of the
failing library frames are searched for from every name in the user's frames and fixtures.
"""

import ast
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from types import FrameType, FunctionType, ModuleType
from typing import cast

from loopcheck.facts.labels import Labels, plain
from loopcheck.facts.probes import objects, source
from loopcheck.facts.records import Keeper, Place


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Root:
    """A name from which a search begins. Lives only while gather runs: it holds the object."""

    name: str
    value: object
    keeper: Keeper
    filename: str  # where the name stands: module, function or fixture
    line: int = 1  # first line of the function, for locals and closures
    wide: bool = True  # outlives one test
    said: bool = False  # mentioned on the failing line


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Way:
    """How an object is reached from the user's name."""

    root: Root
    name: str  # up to the first object that is not of the user's own making
    path: str
    thing: object  # the object that *name* leads to
    holder: object | None  # the user's object that keeps *thing* as `attribute`
    attribute: str | None
    target: int  # index of the object that was found

    @property
    def rank(self) -> tuple[object, ...]:
        root = self.root
        kept = {"fixture": 0, "global": 0, "closure": 1, "argument": 2, "local": 2}[root.keeper]
        own = root.name in ("self", "cls")
        steps = self.name.count(".") + self.name.count("[")
        return (not root.wide, own, kept, steps, not root.said, root.keeper != "fixture")


def roots_of(frame: FrameType, line: int) -> Iterator[Root]:
    """Yield every name that the code of *frame* can see: its own, then its module's."""
    code = frame.f_code
    said = source.names_at(code.co_filename, line)
    arguments = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
    for name, value in list(frame.f_locals.items()):
        if frame.f_code.co_name == "<module>":
            break
        keeper: Keeper = "closure" if name in code.co_freevars else "local"
        keeper = "argument" if name in arguments else keeper
        yield Root(
            name=name,
            value=value,
            keeper=keeper,
            filename=code.co_filename,
            line=code.co_firstlineno,
            wide=keeper == "closure",
            said=name in said,
        )
    yield from _globals(frame.f_globals, code.co_filename, said)


def _globals(space: dict[str, object], filename: str, said: frozenset[str]) -> Iterator[Root]:
    for name, value in list(space.items()):
        if not name.startswith("__") and type(value) is not ModuleType:
            yield Root(
                name=name, value=value, keeper="global", filename=filename, said=name in said
            )


def other_globals(done: Iterable[str]) -> Iterator[Root]:
    """Yield the globals of the user's other modules: a factory may keep what it gives away."""
    left = set(done)
    for module in list(sys.modules.values()):
        if type(module) is not ModuleType:
            continue
        space = module.__dict__
        filename = space.get("__file__")
        if not isinstance(filename, str) or filename in left:
            continue
        if source.owner(filename, str(space.get("__name__"))) == "user":
            left.add(filename)
            yield from _globals(space, filename, frozenset())


def find(roots: Iterable[Root], targets: Sequence[object]) -> Way | None:
    """Return the best way from a user's name to one of *targets* (the first is wanted most)."""
    wanted = {id(target): index for index, target in reversed(list(enumerate(targets)))}
    ways = [way for root in roots if (way := _way(root, wanted)) is not None]
    return min(ways, key=lambda way: way.rank, default=None)


def _way(root: Root, wanted: dict[int, int]) -> Way | None:
    best: tuple[int, tuple[str, ...], tuple[object, ...]] | None = None
    for path, thing, between in objects.walk(_searchable(root.value)):
        index = wanted.get(id(thing))
        if index is not None and (best is None or index < best[0]):
            best = (index, path, (*between, thing))
            if index == 0:
                break
    if best is None:
        return None
    index, path, things = best
    cut = _own_steps(things)
    named = root.name + "".join(path[:cut])
    return Way(
        root=root,
        name=plain(_kind(named)),
        path=plain(_kind(root.name + "".join(path))),
        thing=things[cut],
        holder=things[cut - 1] if cut else None,
        attribute=path[cut - 1] if cut else None,
        target=index,
    )


def _searchable(value: object) -> object:
    """Return what to search in *value*: of a user's class its attributes."""
    if objects.is_a(value, type) and _class_file(cast("type", value)) is not None:
        return dict(objects.class_dict(cast("type", value)))
    return value


def _kind(name: str) -> str:
    """Return *name* as a person would write it: what a cached factory keeps is its result."""
    return name.split("(…)")[0] + "()" if "(…)" in name else name


def _own_steps(things: tuple[object, ...]) -> int:
    """Return how many steps stay within the user's own classes and plain containers."""
    count = 0
    for thing in things[:-1]:
        if not (_users(thing) or type(thing) in (dict, list, tuple)):
            break
        count += 1
    return count


def _users(thing: object) -> bool:
    """Return whether *thing* is of the user's making: an instance of their class, or a function."""
    code = getattr(thing, "__code__", None) if type(thing) is FunctionType else None
    if code is not None:
        return source.owner(code.co_filename) == "user"
    return _class_file(type(thing)) is not None


def _class_file(kind: type) -> str | None:
    """Return the file of the user's class *kind*, None if it is not the user's."""
    kept = objects.class_dict(kind)
    for value in list(kept.values()):
        if type(value) is FunctionType and not value.__code__.co_filename.startswith("<"):
            filename = value.__code__.co_filename  # a cell's class knows no other file
            return filename if source.owner(filename) == "user" else None
    module = kept.get("__module__")
    found = source.module_file(module) if isinstance(module, str) else None
    return found if found is not None and source.owner(found) == "user" else None


def kept_at(way: Way, labels: Labels) -> Place | None:
    """Return the line of the user's that keeps the object: the one to change."""
    root = way.root
    if root.keeper == "fixture":
        function = source.function_at(root.filename, root.line)
        line = function.lineno if function else root.line
        return Place(labels.file(root.filename), line, root.name)
    if root.keeper == "global":
        return global_line(root.filename, root.name, labels)
    if root.keeper == "argument":
        return None
    around = source.enclosing(root.filename, root.line)
    for function in around[1:] if root.keeper == "closure" else around[:1]:
        if (line := source.assigned(function, root.name)) is not None:
            return Place(labels.file(root.filename), line, root.name)
    return None


def global_line(filename: str, name: str, labels: Labels, hops: int = 5) -> Place | None:
    """Return the line that makes the global *name*, through `from … import …` where needed."""
    module = source.tree(filename)
    if module is None:
        return None
    line = source.own_lines(module, name)
    if line is not None:
        return Place(labels.file(filename), line, name)
    origin = source.imported_from(module, name)
    if origin is not None and hops:
        there = _resolve(filename, origin[0], origin[2])
        return global_line(there, origin[1], labels, hops - 1) if there else None
    return _defined(module, filename, name, labels)


def _defined(module: ast.Module, filename: str, name: str, labels: Labels) -> Place | None:
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if node.name != name:
                continue
            made = None if isinstance(node, ast.ClassDef) else source.made_in(node)
            return Place(labels.file(filename), made or node.lineno, name)
    return None


def _resolve(filename: str, module: str, level: int) -> str | None:
    if not level:
        return source.module_file(module)
    here = next(
        (
            name
            for name, found in list(sys.modules.items())
            if type(found) is ModuleType and found.__dict__.get("__file__") == filename
        ),
        None,
    )
    if here is None:
        return None
    package = here.split(".") if filename.endswith("__init__.py") else here.split(".")[:-1]
    parts = package[: len(package) - (level - 1)] + ([module] if module else [])
    return source.module_file(".".join(parts))


def made_at(way: Way, labels: Labels) -> Place | None:
    """Return the line that makes the object, where the source shows it."""
    if way.holder is not None and way.attribute is not None:
        return _made_in_class(way.holder, way.attribute, labels) or _made_by_root(way, labels)
    return _made_by_root(way, labels)


def _made_by_root(way: Way, labels: Labels) -> Place | None:
    if way.root.keeper != "fixture":
        return kept_at(way, labels)
    function = source.function_at(way.root.filename, way.root.line)
    line = source.made_in(function) if function else None
    return Place(labels.file(way.root.filename), line, way.root.name) if line else None


def _made_in_class(holder: object, attribute: str, labels: Labels) -> Place | None:
    for kind in objects.mro(type(holder)):
        filename = _class_file(kind)
        if filename is None:
            continue
        block = source.class_named(filename, type.__dict__["__qualname__"].__get__(kind))
        line = source.assigned(block, f"self{attribute}") if block else None
        if line is not None:
            return Place(labels.file(filename), line, attribute.lstrip("."))
    return None
