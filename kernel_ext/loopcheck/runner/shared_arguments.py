"""Containers that several tests receive: a dict, list or set, and its looks before each test.

Objects of user code are not kept: each is found anew in its place, and its looks are plain values.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any

from loopcheck.process import objects, parameters
from loopcheck.runner import fixture_tables
from loopcheck.source import project_files

if TYPE_CHECKING:  # every run pays for an import here
    from loopcheck.records import SharedKind

DEEPEST = 3  # `PAGE["filters"]["status"]` is two: a copy by `dict(…)` shares the inner list
FEW = 12  # with more containers found, no inner one is searched: each test pays for each
MOST = 50  # entries of a container to look at; larger ones are tables, which no test changes
PER_OWNER = 30  # globals of a test's module, attributes of its class
CLASSES = 10  # of the code under test, named in a test module: each test looks at all of them
KINDS = (dict, list, set)
PLAIN = (str, int, bool, float, bytes, type(None))
LEFT_OUT = frozenset({"pytestmark", "pytest_plugins", "collect_ignore"})

Entries = tuple[tuple[object, object], ...]
Path = tuple[Any, ...]  # keys, starting at the outermost container
Inside = tuple[tuple[Path, str], ...]  # paths to containers in a container, and their source
Names = tuple[tuple[str, Inside], ...]  # containers, and those inside them


class Look:
    """A container at one moment. A value that is not plain can only be recognised by identity."""

    __slots__ = ("entries", "type")

    def __init__(self, type: type, entries: Entries) -> None:
        self.type, self.entries = type, entries  # a list's by index, a set's each by itself

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Look) and (self.type, self.entries) == (other.type, other.entries)

    __hash__ = None  # type: ignore[assignment]


class Opaque(tuple[int]):
    """The id of an object: it replaces the object, whose `__eq__` we never call."""


class Found:
    """A container that a test can reach, and its place. Lives only while we look at it."""

    __slots__ = ("kind", "name", "owner", "value")

    def __init__(
        self,
        kind: SharedKind,
        name: str,
        value: Any,
        owner: Any,  # the module, class or fixture that has it
    ) -> None:
        self.kind, self.name, self.value, self.owner = kind, name, value, owner


class Root:
    """A container that tests find by name, and those inside it.

    It is looked up anew each time, since we keep no object of theirs.
    """

    __slots__ = ("kind", "number", "owner", "places", "step")

    def __init__(
        self, kind: SharedKind, owner: Any, step: str, number: int | None, places: tuple[Place, ...]
    ) -> None:
        self.kind, self.owner, self.step = kind, owner, step  # `step`: the name in the owner
        self.number = number  # of a parameter's default, from the last one; None: by keyword
        self.places = places

    def look_up(self) -> Any:
        """Return what is there now, None if nothing is."""
        if self.kind != "default":
            return self.owner.__dict__.get(self.step)
        if self.number is None:
            return (self.owner.__kwdefaults__ or {}).get(self.step)
        given = self.owner.__defaults__ or ()
        return given[self.number] if -self.number <= len(given) else None


class Place:
    """A root itself, or a container inside it."""

    __slots__ = ("id", "name", "path", "story")

    def __init__(self, name: str, path: Path) -> None:
        self.name, self.path = name, path  # as the source says it; the keys from the root
        self.id = 0  # of the container that was there last
        self.story: Story | None = None  # of that container


class Story:
    """The history of one container."""

    __slots__ = ("changed_by", "first", "last", "seen_in", "sign")

    def __init__(self, first: Look, sign: tuple[int, ...], seen_in: str) -> None:
        self.first = self.last = first  # before any test ran with it; before the running test
        self.sign = sign  # of the last look, in a short form
        self.seen_in = seen_in  # the test that was about to run then
        self.changed_by: str | None = None  # the test that ran when it first changed


def look(value: object) -> Look | None:
    """Return the look of *value*, None if it is no small container with plain keys."""
    kind = type(value)
    if kind is dict:
        items = list(value.items()) if len(value) <= MOST else None  # type: ignore[attr-defined,arg-type]
    elif kind is list:
        items = list(enumerate(value)) if len(value) <= MOST else None  # type: ignore[arg-type]
    elif kind is set:
        items = [(each, True) for each in value] if len(value) <= MOST else None  # type: ignore[attr-defined,arg-type]
    else:
        return None
    if items is None or any(type(key) not in PLAIN for key, _ in items):
        return None
    entries = ((k, v if type(v) in PLAIN else Opaque((id(v),))) for k, v in items)
    return Look(kind, tuple(entries))


def sign(value: Any) -> tuple[int, ...]:
    """Return ids that differ once *value* has changed, without calling any `__eq__`.

    This takes a tenth of the time of a look, and is enough for most tests.
    """
    if len(value) > MOST:
        return ()
    if type(value) is dict:
        return (*map(id, value), *map(id, value.values()))
    return tuple(map(id, value))


class Stories:
    """Looks at the containers that each test can reach, before it begins."""

    def __init__(self) -> None:
        self.known: dict[tuple[int, str, int], Story] = {}  # by owner, name, object
        self._of_owner: dict[str, Names] = {}  # containers of a module or class
        self._of_parent: dict[int, tuple[Root, ...]] = {}
        self._with_defaults: dict[str, list[Any]] = {}
        self._now = ""  # the running test
        self._fixtures: dict[int, Any] = {}  # live wide ones that have returned a container

    def collected(self, items: Iterable[Any]) -> None:
        """Take the first look before any test runs: some tests change what they do not name."""
        before = None
        for item in items:
            parent, before = before, item.parent
            # Beside the item before, only its parameters are its own.
            for found in self._own(item) if parent is before else self._all(item):
                if _key(found) not in self.known:
                    self._tell(found)

    def begin(self, item: Any, nodeid: str) -> None:
        """Record the changes since the last test that could reach each container.

        This call is unnecessary if no container is shared, and *item* has no parameters.
        """
        self._now = nodeid
        for root in self._around(item):
            outer = root.look_up()
            for place in root.places:
                value, story = at(outer, place.path) if place.path else outer, place.story
                if id(value) == place.id and story is not None and sign(value) == story.sign:
                    story.seen_in = nodeid  # most tests change nothing, and pay for each place
                elif type(value) in KINDS:
                    found = Found(root.kind, place.name, value, root.owner)
                    self._follow(found)
                    place.id, place.story = id(value), self.known.get(_key(found))
        for found in self._own(item):
            self._follow(found)

    def _follow(self, found: Found) -> None:
        story = self.known.get(_key(found))
        if story is None:
            self._tell(found)
        else:
            signed = sign(found.value)
            if signed != story.sign:
                self._differs(story, found, signed)
            story.seen_in = self._now

    def _tell(self, found: Found) -> None:
        now = look(found.value)
        if now is not None:
            self.known[_key(found)] = Story(now, sign(found.value), self._now)

    def _differs(self, story: Story, found: Found, signed: tuple[int, ...]) -> None:
        now = look(found.value)
        if now is None:
            del self.known[_key(found)]
            return
        if now != story.last and story.changed_by is None:
            story.changed_by = story.seen_in or None
        story.last, story.sign = now, signed

    def changed(self, item: Any) -> Iterator[tuple[Found, Story, Look]]:
        """Yield what *item* can reach that was changed before it began, with its current look."""
        for found in self.reachable(item):
            story, now = self.known.get(_key(found)), look(found.value)
            if story is not None and now is not None and story.first != story.last:
                yield found, story, now

    def fixture_up(self, definition: Any, value: object) -> None:
        """Record a fixture for more than one test: the first look is at its value."""
        self._fixtures[id(definition)] = definition
        for found in _whole("fixture", definition.argname, value, definition):
            self._tell(found)

    def fixture_down(self, definition: Any) -> None:
        """Forget a fixture: another dict may get its address."""
        if self._fixtures.pop(id(definition), None) is not None:
            gone = [key for key in self.known if key[0] == id(definition)]
            for key in gone:
                del self.known[key]

    def reachable(self, item: Any) -> Iterator[Found]:
        """Yield the containers that *item* shares with other tests, each once."""
        seen: set[int] = set()
        for found in self._all(item):
            if id(found.value) not in seen:  # a global may also be passed as a parameter
                seen.add(id(found.value))
                yield found

    def _all(self, item: Any) -> Iterator[Found]:
        for root in self._around(item):
            outer = root.look_up()
            for place in root.places:
                value = at(outer, place.path)
                if type(value) in KINDS:
                    yield Found(root.kind, place.name, value, root.owner)
        yield from self._own(item)

    def _own(self, item: Any) -> Iterator[Found]:
        """Yield the containers in the parameters and fixtures of *item*."""
        spec = getattr(item, "callspec", None)
        for name, value in spec.params.items() if spec is not None else ():
            if type(value) in KINDS:
                yield from _whole("parameter", name, value, None)
            elif type(value) not in PLAIN:
                yield from _inside(name, value)
        if self._fixtures:
            yield from self._given(item)

    def _given(self, item: Any) -> Iterator[Found]:
        for definition in self._fixtures.values():
            value = fixture_tables.value_of(definition)
            if type(value) in KINDS and definition.argname in item.fixturenames:
                yield from _whole("fixture", definition.argname, value, definition)

    def _around(self, item: Any) -> tuple[Root, ...]:
        """Return the roots around *item*, computed once for all tests beside it."""
        key = id(item.parent)
        known = self._of_parent.get(key)
        if known is None:
            known = self._of_parent[key] = tuple(self._roots(item))
        return known

    def _roots(self, item: Any) -> Iterator[Root]:
        module, cls = getattr(item, "module", None), getattr(item, "cls", None)
        if type(module) is not ModuleType:
            return
        yield from _of_owner("global", "", module, self._names(module, ""))
        for one in _classes(cls, module):
            names = self._names(one, f"{one.__module__}:")
            yield from _of_owner("attribute", f"{one.__name__}.", one, names)
        for function in self._functions(module):
            yield from _of_owner("default", "", function, tuple(_mutable(function)))

    def _functions(self, module: Any) -> list[Any]:
        """Return the functions that *module* leads to and that have a container as a default."""
        known = self._with_defaults.get(module.__name__)
        if known is None:
            given = [one for one in _reached(module) if one.__defaults__ or one.__kwdefaults__]
            found = {id(one): one for one in given if _mutable(one)}
            users = [one for one in found.values() if _is_users(one)]
            known = self._with_defaults[module.__name__] = users[:PER_OWNER]
        return known

    def _names(self, owner: Any, before: str) -> Names:
        """Return the names of containers in a module or class, as found on the first look."""
        key = f"{before}{owner.__qualname__}" if before else owner.__name__
        names = self._of_owner.get(key)
        if names is None:
            found = [
                (name, inside(value))
                for name, value in list(owner.__dict__.items())
                if type(value) in KINDS and name[:1] not in "_@" and name not in LEFT_OUT
            ]
            names = self._of_owner[key] = tuple(found[:PER_OWNER])
        return names


def _of_owner(kind: SharedKind, before: str, owner: Any, names: Names) -> Iterator[Root]:
    """Yield the containers in a module, class or function."""
    for name, inside in names:
        number = _number(owner, name) if kind == "default" else None
        inner = (Place(before + name + written, path) for path, written in inside)
        yield Root(kind, owner, name, number, (Place(before + name, ()), *inner))


def _classes(cls: Any, module: Any) -> list[Any]:
    """Return the class of a test, and the user's classes that its module names."""
    others = [one for one in list(module.__dict__.values()) if type(one) is not FunctionType]
    named = [one for one in others if objects.is_a(one, type)]
    users = [one for one in named if objects.users_class(one) is not None]
    own = [cls] if objects.is_a(cls, type) else []
    return list({id(one): one for one in (*own, *users[:CLASSES])}.values())


def _reached(module: Any) -> Iterator[Any]:
    """Yield the functions of a module, of its classes, and of the modules that it names."""
    modules = [one for one in list(module.__dict__.values()) if type(one) is ModuleType]
    users = [one for one in modules[:PER_OWNER] if _is_users_file(one.__dict__.get("__file__"))]
    for space in (module.__dict__, *(one.__dict__ for one in users)):
        for value in list(space.values()):
            if type(value) is FunctionType:
                yield value
            elif objects.is_a(value, type) and objects.users_class(value) is not None:
                kept = objects.class_dict(value).values()
                yield from (one for one in list(kept) if type(one) is FunctionType)


def _mutable(function: Any) -> list[tuple[str, Inside]]:
    """Return the parameters of *function* whose default is a container, and those inside it."""
    return [
        (name, inside(value))
        for name, value in parameters.defaults(function).items()
        if type(value) in KINDS
    ]


def _number(function: Any, name: str) -> int | None:
    """Return which of the defaults is that of *name*, from the last: -1. None: by keyword only."""
    if name in (function.__kwdefaults__ or {}):
        return None
    code = function.__code__
    return int(code.co_varnames.index(name)) - int(code.co_argcount)


def _is_users(function: Any) -> bool:
    return _is_users_file(function.__code__.co_filename)


def _is_users_file(file: object) -> bool:
    return type(file) is str and project_files.owner(file) == "user"


def inside(value: Any) -> Inside:
    """Return the paths to containers inside a container: a copy of it shares them."""
    found: list[tuple[Path, str]] = []
    todo: list[tuple[Path, str, Any]] = [((), "", value)]
    for path, written, outer in todo:  # it grows meanwhile: the nearest come first
        if len(found) >= MOST:
            break
        deeper = not path or (len(path) < DEEPEST and len(found) < FEW)
        if deeper and type(outer) in (dict, list) and len(outer) <= MOST:
            items = outer.items() if type(outer) is dict else enumerate(outer)
            for key, inner in items:
                if type(inner) in KINDS and type(key) in PLAIN:
                    step = ((*path, key), f"{written}[{key!r}]")
                    found.append(step)
                    todo.append((*step, inner))
    return tuple(found)


def at(value: Any, path: Path) -> object:
    """Return the part of *value* at *path*, None if there is none."""
    for key in path:
        if type(value) is dict:
            value = value.get(key)
        else:
            value = value[key] if type(value) is list and key < len(value) else None
    return value


def _whole(kind: SharedKind, name: str, value: Any, owner: Any) -> Iterator[Found]:
    """Yield a container, and those inside it."""
    yield Found(kind, name, value, owner)
    for path, written in inside(value) if type(value) in KINDS else ():
        yield Found(kind, name + written, at(value, path), owner)


def _inside(name: str, value: Any) -> Iterator[Found]:
    """Yield the containers in attributes of an object whose class is in user code."""
    if not objects.is_a(value, type) and objects.users_class(type(value)) is not None:
        for attribute, inner in [*(objects.own_dict(value) or {}).items()][:PER_OWNER]:
            if type(inner) in KINDS:
                yield from _whole("parameter", f"{name}.{attribute}", inner, None)


def _key(found: Found) -> tuple[int, str, int]:
    """Return a key that is the same for one object in all tests that can reach it.

    A parameter may have several names, and a global may be in several modules. The name in the key
    tells a new object from an older one that had the same address.
    """
    owner = id(found.owner) if found.kind == "fixture" else 0
    return owner, "" if found.kind == "parameter" else found.name, id(found.value)
