"""Containers of the application that outlive a test: how full they are between tests.

Some live as long as a module, some as long as a fixture for several tests. The calls of a mock
count, too. We keep no user object except modules, and look every container up again at each test.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict, deque
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, Protocol

from loopcheck.process import objects
from loopcheck.process.doubles import call_lists
from loopcheck.process.new_modules import NewModules
from loopcheck.source import project_files

KINDS = frozenset({dict, list, set, deque, defaultdict, OrderedDict})
MOST = 100  # containers: each test pays 0.2 µs for each
PER_FIXTURE = 20
DEEPEST = 3  # names from a fixture to its container: `api.client.sent`
LARGEST = 200  # most entries to distinguish

Way = tuple[str, ...]  # "_users", or "Audit", "entries"

_class_dict: Any = type.__dict__["__dict__"].__get__  # past whatever a metaclass defines


class Full:
    """A container with entries that an earlier test left. Lives only while a probe runs."""

    __slots__ = ("by", "left", "of_mock", "owner", "value", "way")

    def __init__(
        self,
        owner: Any,  # the module, or the fixture by its definition
        way: Way,
        value: Any,
        left: tuple[Any, ...],  # entries; of a dict its keys
        by: int,  # the test, by its number
        *,
        of_mock: bool,  # it has the calls of the mock at the end of the way
    ) -> None:
        self.owner, self.way, self.value, self.left, self.by = owner, way, value, left, by
        self.of_mock = of_mock


class _Names(Protocol):
    def get(self, name: str, /) -> object: ...


class _FixtureValue:
    """The only name among these is that of the fixture."""

    __slots__ = ("value",)

    def __init__(self, value: Callable[[], object]) -> None:
        self.value = value

    def get(self, name: str, /) -> object:
        return self.value()


class _Story:
    __slots__ = (
        "base",
        "by",
        "count",
        "first",
        "id",
        "kind",
        "left",
        "of_class",
        "of_mock",
        "owner",
        "second",
        "space",
        "way",
    )

    def __init__(
        self, owner: Any, space: _Names, way: Way, value: Any, *, of_mock: bool = False
    ) -> None:
        self.owner, self.way, self.id, self.kind = owner, way, id(value), type(value)
        self.space, self.first = space, way[0]
        self.second = way[1] if len(way) > 1 else None
        self.of_mock = of_mock
        self.of_class = objects.is_a(self.space.get(self.first), type)
        self.base = self.count = len(value)  # entries that no test left; all entries
        self.left: tuple[int, ...] = ()  # ids of leftover entries when the running test began
        self.by = 0

    def look_up(self) -> Any:
        """Return what is there now, None if nothing is."""
        found = self.space.get(self.first)
        if self.second is not None:
            if objects.is_a(found, type):
                return objects.class_dict(found).get(self.second)
            for step in self.way[1:]:
                own = objects.own_dict(found)
                found = dict.get(own, step) if own is not None else None
        return call_lists.of(found) if self.of_mock else found


class Grown:
    """Counts the entries before each test, and again after its fixtures are set up."""

    def __init__(self) -> None:
        self.stories: list[_Story] = []
        self.files: list[str] = []  # user files whose modules were imported lately
        self.new_modules = NewModules()

    def begin(self, moment: int) -> None:
        """Record what the test before *moment* left."""
        for story, value in self._changed():
            if id(value) != story.id or type(value) is not story.kind:
                _anew(story, value)
            else:
                _recounted(story, value, moment)

    def set_up(self) -> None:
        """Record what fixtures changed: the test is meant to find what they put there."""
        for story, value in self._changed():
            if id(value) != story.id or type(value) is not story.kind:
                _anew(story, value)
                continue
            count = len(value)
            story.base = max(0, story.base + count - story.count)
            if count < story.count:
                story.left = ()  # a fixture emptied it
            story.count = count

    def _changed(self) -> list[tuple[_Story, Any]]:
        """Return what is not as it was. Each test pays for each look, so that we call nothing."""
        found = []
        for story in self.stories:
            value: Any = story.look_up() if story.of_mock else story.space.get(story.first)
            if story.second is not None and not story.of_mock:
                try:
                    of_class = story.of_class
                    value = _class_dict(value).get(story.second) if of_class else story.look_up()
                except TypeError:  # what is there now is no class
                    value = story.look_up()
            # An object of another type may have got the address.
            if id(value) != story.id or type(value) is not story.kind or len(value) != story.count:
                found.append((story, value))
        return found

    def full(self) -> Iterator[Full]:
        """Yield the containers that still have what an earlier test left there."""
        for story in self.stories:
            value = story.look_up()
            if story.left and id(value) == story.id and type(value) is story.kind:
                there = {id(one): one for one in list(value)}
                if all(one in there for one in story.left):
                    left = tuple(there[one] for one in story.left)
                    yield Full(story.owner, story.way, value, left, story.by, of_mock=story.of_mock)

    def find(self) -> None:
        """Look for containers in the modules imported since the last call."""
        for name, module in project_files.not_of_libraries(self.new_modules.names()):
            file = module.__dict__.get("__file__")
            if type(file) is not str or project_files.owner(file, name) != "user":
                continue
            self.files.append(file)
            for way, value in _containers(module):
                if len(self.stories) < MOST:
                    self.stories.append(_Story(module, module.__dict__, way, value))

    def fixture_up(self, definition: Any, now: Callable[[], object]) -> None:
        """Add the containers of a fixture for several tests; *now* returns its value."""
        space = _FixtureValue(now)
        for way, value, of_mock in islice(_held(definition.argname, now()), PER_FIXTURE):
            if len(self.stories) < MOST:
                self.stories.append(_Story(definition, space, way, value, of_mock=of_mock))

    def fixture_down(self, definition: Any) -> None:
        """Forget the containers of a fixture."""
        self.stories[:] = [one for one in self.stories if one.owner is not definition]


def _anew(story: _Story, value: Any) -> None:
    """Begin again with *value*: a container in place of another one, or what is none."""
    story.kind, story.left = type(value), ()
    known = story.kind in KINDS or (story.of_mock and value is not None)
    story.id = id(value) if known else 0  # of what is none, nobody takes the length
    story.base = story.count = len(value) if known else 0


def _recounted(story: _Story, value: Any, moment: int) -> None:
    count = len(value)
    story.base = min(story.base, count)
    if count > story.count:
        story.by = moment - 1
    story.count = count
    small = count - story.base <= LARGEST
    story.left = tuple(map(id, list(value)[story.base :])) if small else ()
    if type(value) is set and story.base:
        story.left = ()  # a set has no order: which entries are new is unknown


def _held(name: str, value: object) -> Iterator[tuple[Way, Any, bool]]:
    """Yield the containers in an object of user code, nearest first, and the calls of its mocks."""
    todo: list[tuple[Way, object]] = [((name,), value)]
    seen = {id(value)}
    for way, thing in todo:  # it grows meanwhile
        if (calls := _calls(thing)) is not None:
            yield way, calls, True
        elif type(thing) in KINDS:
            yield way, thing, False
        elif len(way) < DEEPEST and objects.users_class(type(thing)) is not None:
            for inner, one in list((objects.own_dict(thing) or {}).items())[:PER_FIXTURE]:
                if id(one) not in seen:
                    seen.add(id(one))
                    todo.append(((*way, str(inner)), one))


def _calls(value: object) -> list[Any] | None:
    return call_lists.of(value) if objects.is_mock(value) else None


def _containers(module: ModuleType) -> Iterator[tuple[Way, Any]]:
    """Yield the containers in *module*, in its classes, and in its instances of those."""
    says = _text_of(module)
    for name, value in list(module.__dict__.items()):
        if type(value) is FunctionType or name.startswith("__") or name == "pytest_plugins":
            continue  # most are tests, and this check runs for each of them
        kind = value if objects.is_a(value, type) else type(value)
        if type(value) in KINDS:
            yield (name,), value
        elif objects.module_of(kind) == module.__name__ and not issubclass(kind, tuple):
            held = objects.class_dict(kind) if kind is value else objects.own_dict(value)
            for inner, one in list(held.items()) if held is not None else ():
                if type(one) not in KINDS or str(inner).startswith("__"):
                    continue
                # A library's base or metaclass has its own: `_member_map_`, `model_fields`.
                if kind is not value or says(str(inner)):
                    yield (name, str(inner)), one


def _text_of(module: ModuleType) -> Callable[[str], bool]:
    """Return a function that is true of the names in the module's file, which it reads once."""
    texts: list[bytes] = []

    def says(name: str) -> bool:
        if not texts:
            try:
                texts.append(Path(str(module.__dict__.get("__file__"))).read_bytes())
            except OSError:
                texts.append(b"")
        return not texts[0] or name.encode() in texts[0]

    return says
