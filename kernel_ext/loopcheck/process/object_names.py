"""The name that user code has for an object, and the lines that keep and create it.

People look for what they wrote: `cart.store`, not `StreamReader`. So we search for the objects of
the failing library frames from every name in the user's frames and fixtures.
"""

from __future__ import annotations

import ast
import asyncio
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from types import FrameType, FunctionType, ModuleType, SimpleNamespace

from loopcheck.labels import Labels, plain
from loopcheck.light import dataclass
from loopcheck.process import objects, parameters
from loopcheck.records import Keeper, Place
from loopcheck.source import parsed_files, project_files
from loopcheck.source.statements import container_fills


@dataclass(frozen=True, kw_only=True, eq=False)
class Root:
    """A name from which a search starts. It holds the object, so it lives only during a gather."""

    name: str
    value: object
    keeper: Keeper
    filename: str  # the file of its module, function or fixture
    line: int = 1  # first line of the function, for locals and closures
    wide: bool = True  # outlives one test
    said: bool = False  # the failing line mentions it


@dataclass(frozen=True, kw_only=True, eq=False)
class Way:
    """The path from a name in user code to an object."""

    root: Root
    name: str  # up to the first object that user code did not create
    path: str
    things: tuple[object, ...]  # from the object of *name* on to the one searched for
    own: tuple[object, ...]  # the user's objects on the way, and the first other one
    holder: object | None  # the last user object on the path: it keeps *thing*
    step: str  # how it keeps it: ".store"
    steps: tuple[str, ...]  # from each of *own* to the next one: (".locks", "['tea']")
    target: int  # index of the object that was found
    state: str | None = None  # "state.session": its name in an application's state

    @property
    def rank(self) -> tuple[object, ...]:
        root = self.root
        kept = {"fixture": 0, "global": 0, "closure": 1, "argument": 2, "local": 2}[root.keeper]
        own = root.name in ("self", "cls")
        inside = "__self__" in self.name  # of a thread's target, for example: no code writes that
        steps = self.name.count(".") + self.name.count("[")
        return (not root.wide, inside, own, kept, steps, root.keeper != "fixture", not root.said)


def roots_of(frame: FrameType, line: int) -> Iterator[Root]:
    """Yield every name that the code of *frame* can see: its own, then its module's."""
    code = frame.f_code
    said = parsed_files.names_at(code.co_filename, line)
    arguments = parameters.named(code)
    for name, value in list(frame.f_locals.items()):
        if frame.f_code.co_name == "<module>":
            break
        if name.startswith("@py"):
            continue  # a value of an `assert` that pytest keeps has no name in user code
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
    """Yield the globals of other user modules: a factory may keep what it returns."""
    left = set(done)
    for module in list(sys.modules.values()):
        if type(module) is not ModuleType:
            continue
        space = module.__dict__
        filename = space.get("__file__")
        if not isinstance(filename, str) or filename in left:
            continue
        if project_files.owner(filename, str(space.get("__name__"))) == "user":
            left.add(filename)
            yield from _globals(space, filename, frozenset())


def find(roots: Iterable[Root], targets: Sequence[object]) -> Way | None:
    """Return the best path from a user's name to one of *targets* (best first)."""
    wanted = {id(target): index for index, target in reversed(list(enumerate(targets)))}
    ways = [way for root in _each_once(roots) if (way := _way(root, wanted)) is not None]
    return min(ways, key=lambda way: way.rank, default=None)


def _each_once(roots: Iterable[Root]) -> Iterable[Root]:
    """Return *roots* without repeats: each frame of a module repeats all of its globals."""
    once: dict[tuple[object, ...], Root] = {}
    for root in roots:
        key = (root.name, id(root.value), root.keeper, root.filename, root.line)
        if key not in once or root.said:
            once[key] = root
    return once.values()


def keeper_of(
    loop: asyncio.AbstractEventLoop, roots: Iterable[Root]
) -> tuple[Way, tuple[object, ...]] | None:
    """Return the path to an object of *loop* that outlives the test, if there is only one."""
    found: dict[int, object] = {}
    wide = [root for root in roots if root.wide]
    for root in wide:
        for _, thing, _ in objects.walk(root.value):
            if objects.bound_loop(thing) is loop:
                found.setdefault(id(root.value), thing)
                break
    things = tuple(found.values())
    way = find(wide, things) if len(things) == 1 else None
    return (way, things) if way is not None else None


def _way(root: Root, wanted: dict[int, int]) -> Way | None:
    best: tuple[int, tuple[str, ...], tuple[object, ...]] | None = None
    for path, thing, between in objects.walk(root.value):
        index = wanted.get(id(thing))
        if index is not None and (best is None or index < best[0]):
            best = (index, path, (*between, thing))
            if index == 0:
                break
    if best is None:
        return None
    index, path, things = best
    cut = _named_steps(things, wanted)
    name, state = written(root.name, path[:cut]), None
    spot = _state_on(things, wanted)
    if spot is not None and len(path) > spot + 1:
        cut = max(cut, spot + 2)
        name, state = _in_state(root.name, path[:cut], spot)
    return Way(
        root=root,
        name=name,
        path=written(root.name, path),
        things=things[cut:],
        own=things[: cut + 1],
        holder=things[cut - 1] if cut else None,
        step=path[cut - 1] if cut else "",
        steps=tuple(path[:cut]),
        target=index,
        state=state,
    )


def _state_on(things: tuple[object, ...], wanted: dict[int, int]) -> int | None:
    """Return the index of the `app.state` among *things* that holds the first wanted one."""
    first = next(i for i, thing in enumerate(things) if id(thing) in wanted)
    kinds = [objects.type_name(thing) for thing in things[: max(first - 1, 0)]]
    return kinds.index(STATE) if STATE in kinds else None


def _in_state(name: str, path: tuple[str, ...], spot: int) -> tuple[str, str]:
    """Return the state's entry at *spot* as user code writes it, starting at the application.

    The steps from a test client to the application, and from the state to its dict, are left out.
    """
    key = path[spot + 1].strip("[]'")
    if spot > 1 and re.fullmatch(r"\.[a-z]\w*", path[spot - 2]):
        name, before = path[spot - 2].lstrip("."), path[spot - 1 : spot]
    else:
        before = path[:spot]
    last = before[-1].lstrip(".") if before else name
    return written(name, (*before, f".{key}", *path[spot + 2 :])), f"{last}.{key}"


def written(name: str, path: tuple[str, ...]) -> str:
    """Return the name and its steps as a person would write them."""
    for before, step in pairwise(("", *path)):
        if step.startswith(objects.CLOSURE):
            name = step.removeprefix(objects.CLOSURE)  # a name in the function's own scope
        elif step == objects.UNNAMED:
            name = name if name.endswith("()") else f"{name}()"  # a cached factory's result
        elif before == objects.UNNAMED and step.startswith("[") and name.endswith("()"):
            name = f"{name[:-1]}…)"  # the one for these arguments
        else:
            name += step
    return plain(name)


def _named_steps(things: tuple[object, ...], wanted: dict[int, int]) -> int:
    """Return how many steps lead to the object that user code works with.

    That is the first object whose method failed, but at most one step past the user's last object.
    """
    first = next(i for i, thing in enumerate(things) if id(thing) in wanted)
    return own_steps(things[: first + 1])


def own_steps(things: tuple[object, ...]) -> int:
    """Return how many steps lead through the user's objects to the first one of a library."""
    first = len(things) - 1
    own = [i for i, thing in enumerate(things[:first]) if _users(thing)]
    cut = own[-1] + 1 if own else 0
    while cut < first and any(objects.is_a(things[cut], kind) for kind in CONTAINERS):
        cut += 1
    return cut


STATE = "starlette.datastructures.State"
CONTAINERS = (dict, list, tuple, set, SimpleNamespace, type(lru_cache(int)))


def _users(thing: object) -> bool:
    """Return whether *thing* is user code: a class, an instance of one, or a function."""
    if type(thing) is FunctionType:
        return project_files.owner(thing.__code__.co_filename) == "user"
    kind = thing if objects.is_a(thing, type) else type(thing)
    return objects.users_class(kind) is not None


def kept_at(way: Way, labels: Labels) -> Place | None:
    """Return the line of user code that keeps the object: the one to change."""
    root = way.root
    place = of_default(way, labels) or _kept_by_state(way, labels) or _kept_by_holder(way, labels)
    if place is not None:
        return place
    if root.keeper == "fixture":
        line = def_line(root.filename, root.line)
        return Place(labels.file(root.filename), line, root.name)
    if root.keeper == "global":
        filled = way.name.startswith(f"{root.name}[")
        there = _of_class(way, labels) or _of_decorated(way, labels)
        return there or _global_line(root, labels, filled=filled)
    if root.keeper == "argument":
        default = parsed_files.default_of(root.filename, root.line, root.name)
        return Place(labels.file(root.filename), default, root.name) if default else None
    around = parsed_files.enclosing(root.filename, def_line(root.filename, root.line))
    outer = around[1:] if root.keeper == "closure" else around[:1]
    return _assigned_in(outer, root.filename, root.name, labels)


def _of_decorated(way: Way, labels: Labels) -> Place | None:
    """Return the `def` whose function the object keeps: a decorator put the object in its place."""
    for _, kept in objects.steps(way.things[0]):
        function = objects.function_of(kept)
        if function is not None and function.__qualname__ == way.name:
            code = function.__code__
            module = parsed_files.tree(code.co_filename)
            if module is not None and parsed_files.own_lines(module, way.name) is None:
                line = def_line(code.co_filename, code.co_firstlineno)
                return Place(labels.file(code.co_filename), line, function.__name__)
    return None


def _global_line(root: Root, labels: Labels, *, filled: bool) -> Place | None:
    """Return the line that creates a global; for a notebook, in any of its cells.

    *filled*: an entry of it is meant, so return the line that adds the entry.
    """
    cells = parsed_files.cells() if project_files.is_cell(root.filename) else ()
    files = (root.filename, *cells)
    lines = (global_line(file, root.name, labels, filled=filled) for file in files)
    return next((line for line in lines if line is not None), None)


def of_default(way: Way, labels: Labels) -> Place | None:
    """Return the default that created an object on the path: once, and shared ever since."""
    for keeper, thing in pairwise(way.own):
        for base in objects.mro(type(keeper)):
            init = objects.class_dict(base).get("__init__")
            if type(init) is not FunctionType:
                continue
            given = parameters.defaults(init).values()
            code = init.__code__
            if (
                any(one is thing for one in given)
                and project_files.owner(code.co_filename) == "user"
            ):
                lines = parsed_files.defaults(code.co_filename, code.co_firstlineno)
                if len(lines) == 1:
                    return Place(labels.file(code.co_filename), lines[0], code.co_name)
    return None


def _kept_by_state(way: Way, labels: Labels) -> Place | None:
    """Return the only line of user code that stores it in the state: `app.state.session = …`."""
    if way.state is None:
        return None
    found = set()
    for filename in _users_files():
        text = parsed_files.text(filename)
        targets = re.findall(rf"[\w.]*\b{re.escape(way.state)}\b", text)
        module = parsed_files.tree(filename) if targets else None
        lines = {parsed_files.assigned(module, target) for target in targets} if module else set()
        found |= {(filename, line) for line in lines if line is not None}
    if len(found) != 1:
        return None
    [(filename, line)] = found
    return Place(labels.file(filename), line, way.name)


def _users_files() -> Iterator[str]:
    for module in list(sys.modules.values()):
        filename = module.__dict__.get("__file__") if type(module) is ModuleType else None
        if isinstance(filename, str):
            name = str(module.__dict__.get("__name__"))
            if project_files.owner(filename, name) == "user":
                yield filename


def _of_class(way: Way, labels: Labels) -> Place | None:
    """Return the line in a class body that sets the first step of the path for all instances."""
    kind = way.root.value
    if not objects.is_a(kind, type):
        return None
    step = re.match(r"\.(\w+)(\[?)", way.name.removeprefix(way.root.name))
    if step is None:
        return None
    filename = objects.users_class(kind) if step[2] else None
    name = str(type.__dict__["__qualname__"].__get__(kind))
    block = parsed_files.class_named(filename, name) if filename is not None else None
    filled = container_fills.line(block, step[1]) if block is not None else None
    if filled is not None and filename is not None:
        return Place(labels.file(filename), filled, step[1])
    return _line_in_class(kind, f".{step[1]}", labels, own="")


def def_line(filename: str, line: int) -> int:
    """Return the line of the `def` of the function that begins, with its decorators, at *line*."""
    function = parsed_files.function_at(filename, line)
    return function.lineno if function else line


def _kept_by_holder(way: Way, labels: Labels) -> Place | None:
    """Return the line in a class body or around a closure that sets what no outer name replaces."""
    if way.holder is None:
        return None
    if way.step.startswith(objects.CLOSURE) and type(way.holder) is FunctionType:
        code = way.holder.__code__
        line = def_line(code.co_filename, code.co_firstlineno)
        around = parsed_files.enclosing(code.co_filename, line)
        name = way.step.removeprefix(objects.CLOSURE)
        return _assigned_in(around, code.co_filename, name, labels)
    if _has_its_own(way.holder, way.step.lstrip(".")):
        return None
    return _line_in_class(way.holder, way.step, labels, own="")


def _has_its_own(holder: object, name: str) -> bool:
    """Return whether the instance has a value of its own under *name*, not its class's.

    A dataclass default counts as the class's: `__init__` only assigns the same object. With a
    `field(default_factory=…)` the class has no value, so the instance's is its own.
    """
    own = objects.own_attribute(holder, name)
    if objects.is_a(holder, type) or own is objects.ABSENT or own is objects.UNKNOWN:
        return False
    spaces = (objects.class_dict(kind) for kind in objects.mro(type(holder)))
    return all(space.get(name, objects.ABSENT) is not own for space in spaces)


def _assigned_in(
    functions: Iterable[ast.AST], filename: str, name: str, labels: Labels
) -> Place | None:
    for function in functions:
        if (line := parsed_files.assigned(function, name)) is not None:
            return Place(labels.file(filename), line, name)
    return None


def global_line(
    filename: str, name: str, labels: Labels, hops: int = 5, *, filled: bool = False
) -> Place | None:
    """Return the line that creates the global *name*, following `from … import …`."""
    module = parsed_files.tree(filename)
    if module is None:
        return None
    line = parsed_files.own_lines(module, name)
    if line is not None:
        line = (container_fills.line(module, name) if filled else None) or line
        return Place(labels.file(filename), line, name)
    origin = parsed_files.imported_from(module, name)
    if origin is not None and hops:
        there = _resolve(filename, origin[0], origin[2])
        return global_line(there, origin[1], labels, hops - 1, filled=filled) if there else None
    return _defined(module, filename, name, labels)


def _defined(module: ast.Module, filename: str, name: str, labels: Labels) -> Place | None:
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if node.name != name:
                continue
            made = None if isinstance(node, ast.ClassDef) else parsed_files.made_in(node)
            return Place(labels.file(filename), made or node.lineno, name)
    return None


def _resolve(filename: str, module: str, level: int) -> str | None:
    if not level:
        return project_files.module_file(module)
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
    return project_files.module_file(".".join(parts))


def made_at(way: Way, labels: Labels) -> Place | None:
    """Return the line that creates the object, if the source shows it."""
    if way.holder is not None:
        place = _line_in_class(way.holder, way.step, labels, own="self")
        if place is not None:
            return place
    if way.root.keeper != "fixture" or way.state or way.step.startswith(objects.CLOSURE):
        return kept_at(way, labels)
    function = parsed_files.function_at(way.root.filename, way.root.line)
    line = parsed_files.made_in(function) if function else None
    return Place(labels.file(way.root.filename), line, way.root.name) if line else None


def container_made_at(way: Way, labels: Labels) -> Place | None:
    """Return the line of a class that creates the container with the object: `self.locks = {}`.

    None if no container holds it, or no attribute of a user's object has that container.
    """
    for owner, step in reversed([*zip(way.own, way.steps, strict=False)]):
        if not any(objects.is_a(owner, kind) for kind in CONTAINERS):
            inside = owner is not way.holder
            return _line_in_class(owner, step, labels, own="self") if inside else None
    return None


def _line_in_class(holder: object, step: str, labels: Labels, own: str) -> Place | None:
    """Return the line in the holder's class that sets `self.store`, or `store` if *own* is ""."""
    name = step.lstrip(".")
    kind = holder if objects.is_a(holder, type) else type(holder)
    for base in objects.mro(kind):
        filename = objects.users_class(base)
        if filename is None:
            continue
        block = parsed_files.class_named(filename, type.__dict__["__qualname__"].__get__(base))
        if block is None:
            continue
        if own:
            line = parsed_files.assigned(block, f"self.{name}")
        else:
            said = (f"cls.{name}", f"{block.name}.{name}")
            lines = (parsed_files.assigned(block, words) for words in said)
            line = parsed_files.in_body(block, name) or next(filter(None, lines), None)
            line = line or parsed_files.in_body(block, name, filled=True)
        if line is not None:
            return Place(labels.file(filename), line, name)
    return None
