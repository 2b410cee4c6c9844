"""What an object holds, and which loop it is bound to. No code of the object's class runs."""

from __future__ import annotations

import asyncio
import functools
import gc
import sys
import types
import weakref
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice
from typing import TYPE_CHECKING, Any, cast

from loopcheck.source import project_files

if TYPE_CHECKING:
    from typing import TypeGuard, TypeVar

    Kind = TypeVar("Kind")

NODES = 20_000  # most objects of one walk: every client we tried needs fewer than 2,000
UNNAMED = "(…)"
CLOSURE = ":"  # a step into a function's closure: the name starts over there
WIDEST = 1_000  # items of one object: a list of a million rows is like its first thousand
DEEPEST = 20  # steps from a name to a loop: SQLAlchemy's engine needs 11
MOST_PARTS = 5_000  # items copied from one object: copying a million takes 0.1 s
MOST_SHAPES = 10_000  # classes to remember
WRAPPERS = 20  # decorators on one function


def _ids(*kinds: type) -> frozenset[int]:
    """Compare types by identity: a metaclass may define `==` and `hash`, and run code."""
    return frozenset(map(id, kinds))


# Never checked with isinstance: that could run user code in a `__class__` property.
_CACHE = type(functools.lru_cache(lambda: None))  # binds itself as a function does
_FIELD = type(vars(functools._CacheInfo)["hits"])  # a field of a named tuple
_LEAVES = _ids(str, bytes, int, float, complex, bool, type(None), bytearray, range)
_ROWS = _ids(list, tuple, deque, set, frozenset)
_CLOSED_DOORS = _ids(  # these lead to the whole process
    types.FrameType,
    types.TracebackType,
    types.CodeType,
    types.CoroutineType,
    types.GeneratorType,
    types.AsyncGeneratorType,
    types.BuiltinFunctionType,
    property,
    staticmethod,
    classmethod,
)
_GETTERS = _ids(types.GetSetDescriptorType, types.MemberDescriptorType)
_DESCRIPTORS = _ids(types.FunctionType, types.MemberDescriptorType, types.GetSetDescriptorType)
_MACHINERY = frozenset(
    ("_pytest", "pytest", "pluggy", "pytest_asyncio", "loopcheck", "ipykernel", "pyodide_kernel")
)
ABSENT = object()  # there is no attribute of that name: None is a value like any other
UNKNOWN = object()  # only running user code, or a class written in C, would show it
# The methods that look an attribute up, if its class does not override them. Since Python 3.14, a
# tuple has none of its own.
_PLAIN_LOOKUPS = tuple(
    vars(kind)["__getattribute__"]
    for kind in (object, type, types.ModuleType, tuple)
    if "__getattribute__" in vars(kind)
)
_DICT_OFFSET: Any = vars(type)["__dictoffset__"]
_is_subtype = type.__subclasscheck__  # in C: it calls no metaclass, and compares by identity


def type_name(thing: object) -> str:
    """Return the dotted name of the type of *thing*, without calling a metaclass."""
    return class_name(type(thing))


def class_name(kind: type) -> str:
    """Return the dotted name of the class *kind*, without calling its metaclass."""
    module = module_of(kind)
    name = type.__dict__["__qualname__"].__get__(kind)
    return f"{module}.{name}" if module != "builtins" else str(name)


def class_names(thing: object) -> list[str]:
    """Return the names of the class of *thing* and of its bases, as code writes them: "Pool"."""
    return [class_name(one).rpartition(".")[2] for one in mro(type(thing))]


def module_of(kind: type) -> str:
    """Return the module of *kind*; a class written in C keeps it outside its dict."""
    found = _module(kind)
    return found if type(found) is str else ""


# What `type` itself says of a class: no metaclass is called. Walks read them thousands of times.
_module: Callable[[type], object] = type.__dict__["__module__"].__get__
mro: Callable[[type], tuple[type, ...]] = type.__dict__["__mro__"].__get__
# The attributes of the class itself.
class_dict: Callable[[type], types.MappingProxyType[str, object]]
class_dict = type.__dict__["__dict__"].__get__


def loaded_class(module: str, name: str) -> type | None:
    """Return the class of that name in a loaded module, without importing anything."""
    there = sys.modules.get(module)
    found = there.__dict__.get(name) if type(there) is types.ModuleType else None
    return found if is_a(found, type) else None


class Shape:
    """Where the objects of one class keep their attributes. It keeps no class alive."""

    __slots__ = ("depth", "file", "kind", "own", "slots")

    def __init__(
        self,
        kind: weakref.ref[type],
        depth: int,  # of its mro: the bases of a class may change
        own: int | None,  # index in the mro of the class that has the instance dict
        slots: tuple[tuple[str, int], ...],  # names, each with the index of the class that has it
        file: str | None,  # of the class itself, if it is user code
    ) -> None:
        self.kind, self.depth, self.own, self.slots = kind, depth, own, slots
        self.file = file


_shapes: dict[int, Shape] = {}


class _Kind(weakref.ref[type]):
    """A class with a shape, which ends with it: each mock has a class of its own."""

    __slots__ = ("key",)

    key: int


def _forget(kind: _Kind, shapes: dict[int, Shape] = _shapes) -> None:
    known = shapes.get(kind.key)
    if known is not None and known.kind is kind:  # else another class has that number by now
        del shapes[kind.key]


def shape(kind: type) -> Shape:
    """Return the shape of *kind*: a walk meets a few classes, thousands of times."""
    known = _shapes.get(id(kind))
    if known is None or known.kind() is not kind or known.depth != len(mro(kind)):
        if len(_shapes) >= MOST_SHAPES:
            _shapes.clear()
        known = _shapes[id(kind)] = _shape(kind)
    return known


def _shape(kind: type) -> Shape:
    kinds = mro(kind)
    own, slots = None, []
    for index, one in enumerate(kinds):
        for name, kept in list(class_dict(one).items()):
            if name == "__dict__" and own is None and id(type(kept)) in _GETTERS:
                own = index
            elif type(kept) is types.MemberDescriptorType:
                slots.append((name, index))
    ref = _Kind(kind, _forget)
    ref.key = id(kind)
    return Shape(ref, len(kinds), own, tuple(slots), _users_file(kind))


def own_dict(thing: object) -> dict[object, object] | None:
    """Return the instance dict of *thing*, past any `__dict__` that its class may define.

    If that is a dict of a class of its own, return a plain copy: its methods may be anything.
    """
    kind = type(thing)
    own = shape(kind).own
    getter: Any = class_dict(mro(kind)[own]).get("__dict__") if own is not None else None
    if id(type(getter)) not in _GETTERS:
        return None
    try:
        found = getter.__get__(thing)
    except (AttributeError, TypeError):
        return None
    if type(found) is dict:
        return found
    return dict(dict.items(found)) if is_a(found, dict) else None  # no `copy`: it asks for `keys`


def attribute(thing: object, name: str) -> object:
    """Return the value of `thing.name` as Python would, or ABSENT, or UNKNOWN.

    We look it up in Python's own order. The result is UNKNOWN wherever code would run: for a
    property, a `__getattr__`, a descriptor, or what a class written in C computes.
    """
    kind = type(thing)
    if not any(class_attribute(kind, "__getattribute__") is one for one in _PLAIN_LOOKUPS):
        return UNKNOWN
    by_class = class_attribute(kind, name)
    if _decides(by_class):
        slot = type(by_class) is types.MemberDescriptorType
        found = _of_slot(by_class, thing) if slot else UNKNOWN
        if type(by_class) is _FIELD and is_a(thing, tuple):
            found = cast("Any", by_class).__get__(thing, kind)
    elif is_a(thing, type):
        own = class_attribute(thing, name)
        found = _bound(own, None, thing) if own is not ABSENT else _bound(by_class, thing, kind)
    else:
        found = _in_dict(thing, name)
        found = _bound(by_class, thing, kind) if found is ABSENT else found
    if found is not ABSENT:
        return found
    asked = class_attribute(kind, "__getattr__") is not ABSENT
    if is_module(thing):
        asked = asked or _in_dict(thing, "__getattr__") is not ABSENT
    if asked and is_mock(thing):
        return _child(thing, name)
    return UNKNOWN if asked else ABSENT


def _child(mock: object, name: str) -> object:
    """Return the mock that *mock* has created for *name*, UNKNOWN if there is none yet."""
    children, spec = peek(mock, "_mock_children"), peek(mock, "_mock_methods")
    if type(children) is not dict or (type(spec) is list and name not in spec):
        return UNKNOWN
    found = dict.get(children, name)  # else a marker: deleted, or still to be created from a spec
    return found if is_mock(found) or _is_function(found) else UNKNOWN


def own_attribute(thing: object, name: str) -> object:
    """Return the value that *thing* itself has under *name*, not its class; or ABSENT, UNKNOWN."""
    kind = type(thing)
    if is_a(thing, type):
        return class_dict(thing).get(name, ABSENT)
    found = _in_dict(thing, name)
    if found is not ABSENT and found is not UNKNOWN:
        return found
    for slot, index in shape(kind).slots:
        if slot == name:
            return _of_slot(class_dict(mro(kind)[index]).get(slot), thing)
    in_c = type(class_attribute(kind, name)) is types.GetSetDescriptorType
    return UNKNOWN if in_c else found


def _in_dict(thing: object, name: str) -> object:
    """Return the value in the instance dict of *thing*; UNKNOWN if the dict is not readable."""
    own = own_dict(thing)
    if own is not None:
        return dict.get(own, name, ABSENT)
    offset: int = _DICT_OFFSET.__get__(type(thing))
    return UNKNOWN if offset else ABSENT


def peek(thing: object, name: str) -> object | None:
    """Return the value that *thing* itself has under *name*, None if there is none.

    This is for values whose kind the caller checks anyway: it reads no class, and walks call it for
    every object. To tell None from a missing attribute, use `own_attribute`.
    """
    own = own_dict(thing)
    if own is not None and (found := dict.get(own, name, ABSENT)) is not ABSENT:
        return found
    for slot, index in shape(type(thing)).slots:
        if slot == name:
            kept = _in_slot(thing, slot, index)
            return kept if kept is not ABSENT else None
    return None


def class_attribute(kind: type, name: str) -> object:
    """Return the raw value that the classes of *kind* have under *name*."""
    for one in mro(kind):
        if (found := class_dict(one).get(name, ABSENT)) is not ABSENT:
            return found
    return ABSENT


def _decides(found: object) -> bool:
    """Return whether the class attribute wins over the instance's: it is a data descriptor."""
    names = ("__set__", "__delete__")
    return any(class_attribute(type(found), one) is not ABSENT for one in names)


def _bound(found: object, thing: object, kind: type) -> object:
    """Return what *found* in a class becomes when read from *thing*, or from the class if None."""
    if type(found) in (types.FunctionType, _CACHE):
        return found if thing is None else types.MethodType(found, thing)  # type: ignore[arg-type]
    if type(found) is staticmethod:
        return found.__func__
    if type(found) is classmethod:
        function = found.__func__  # another callable may bind itself, or not
        return types.MethodType(function, kind) if _is_function(function) else UNKNOWN
    if thing is None and type(found) in (property, types.MemberDescriptorType):
        return found
    return found if class_attribute(type(found), "__get__") is ABSENT else UNKNOWN


def _is_function(thing: object) -> TypeGuard[types.FunctionType]:
    return type(thing) is types.FunctionType


def _in_slot(thing: object, name: str, index: int) -> object:
    """Return the value of *thing* in a slot of one class of its mro."""
    return _of_slot(class_dict(mro(type(thing))[index]).get(name), thing)


def _of_slot(slot: object, thing: object) -> object:
    if type(slot) is not types.MemberDescriptorType:  # patched since
        return ABSENT
    try:
        kept: object = slot.__get__(thing)
    except AttributeError:
        return ABSENT
    return kept


def referents(thing: object) -> list[object]:
    """Return the objects that *thing* refers to, per the collector; of a long one MOST_PARTS."""
    for kind in (list, tuple, set, frozenset, deque):
        if is_a(thing, kind) and kind.__len__(thing) > MOST_PARTS:  # type: ignore[arg-type]
            parts: Iterator[object] = kind.__iter__(thing)  # type: ignore[arg-type]
            return list(islice(parts, MOST_PARTS))
    if is_a(thing, dict) and dict.__len__(thing) > MOST_PARTS:
        entries = dict.items(cast("dict[object, object]", thing))
        return [part for entry in list(islice(entries, MOST_PARTS)) for part in entry]
    return gc.get_referents(thing)


def is_a(thing: object, kind: type[Kind]) -> TypeGuard[Kind]:
    """`isinstance` by the real type: it ignores a class that lies about `__class__`."""
    return _is_subtype(kind, type(thing))


def parts(error: object) -> Iterator[Any]:
    """Yield the errors in a group, also in nested groups; for a plain error itself."""
    todo = [error]
    while todo:
        one = todo.pop()
        if is_a(one, BaseExceptionGroup):
            todo.extend(reversed(BaseExceptionGroup.__dict__["exceptions"].__get__(one)))
        else:
            yield one


def is_loop(thing: object) -> TypeGuard[asyncio.AbstractEventLoop]:
    """Return whether *thing* is an event loop."""
    return _is_subtype(asyncio.AbstractEventLoop, type(thing))


def is_module(thing: object) -> TypeGuard[types.ModuleType]:
    """Return whether *thing* is a module, or of a subclass of it."""
    return is_a(thing, types.ModuleType)


def bound_loop(thing: object) -> asyncio.AbstractEventLoop | None:
    """Return the loop that *thing* itself is bound to, None if it is bound to none."""
    if is_loop(thing) or is_a(thing, asyncio.Runner):
        return None
    if is_a(thing, asyncio.Future):
        return asyncio.Future.get_loop(cast("asyncio.Future[object]", thing))
    found = peek(thing, "_loop")
    if not is_loop(found):
        found = _librarys(thing)
    return found if is_loop(found) else None


def _librarys(thing: object) -> object | None:
    """Return the loop that a library's object keeps under another name.

    A `loop` attribute in user code may mean something else; websockets and tornado mean their loop.
    """
    found = peek(thing, "loop") or peek(peek(thing, "io_loop"), "asyncio_loop")
    if not is_loop(found):
        return None
    file = project_files.module_file(module_of(type(thing)))
    return found if file is not None and project_files.installed(file) else None


def closed(loop: asyncio.AbstractEventLoop) -> bool:
    """Return whether *loop* is closed."""
    kept = peek(loop, "_closed")
    # uvloop keeps it in C; its own method runs no user code
    return kept if isinstance(kept, bool) else bool(loop.is_closed())


def steps(thing: object) -> Iterator[tuple[str, object]]:
    """Yield the parts of *thing*, each with the text that leads there: ".name", "[0]", "['a']"."""
    if id(type(thing)) in _LEAVES or is_loop(thing) or _shut(thing):
        return
    if is_a(thing, dict):
        entries = dict.items(cast("dict[object, object]", thing))
        for key, value in list(islice(entries, MOST_PARTS)):
            yield (f"[{key!r}]" if type(key) in (str, int) else "[…]"), value
        return
    for kind in (list, tuple, deque, set, frozenset):
        if is_a(thing, kind):
            parts: Iterator[object] = kind.__iter__(thing)  # type: ignore[arg-type]
            for number, value in enumerate(list(islice(parts, MOST_PARTS))):
                yield f"[{number}]", value
    if id(type(thing)) not in _ROWS:
        yield from _fields(thing)


def _shut(thing: object) -> bool:
    if id(type(thing)) in _CLOSED_DOORS or is_module(thing):
        return True
    if is_a(thing, type):
        return users_class(thing) is None
    return module_of(type(thing)).partition(".")[0] in _MACHINERY


def users_class(kind: type) -> str | None:
    """Return the file of *kind* if it is a class in user code, else None."""
    return shape(kind).file


def _users_file(kind: type) -> str | None:
    kept = class_dict(kind)
    for value in map(function_of, list(kept.values())):
        if value is not None and not value.__code__.co_filename.startswith("<"):
            filename = value.__code__.co_filename  # a class in a cell has no other file name
            if filename.endswith("dataclasses.py"):
                continue  # 3.13+: its `__replace__` is in each dataclass
            return filename if project_files.owner(filename) == "user" else None
    found = project_files.module_file(module_of(kind))
    return found if found is not None and project_files.owner(found) == "user" else None


# Our own wrappers, which a watch puts into a class, and the name of what each stands for.
stand_ins: dict[type, str] = {}


def function_of(thing: object) -> types.FunctionType | None:
    """Return the function that somebody wrote: what methods, partials and wrappers call.

    A wrapper is often a library's; `functools.wraps` leaves the function in it.
    """
    found = None
    for _ in range(WRAPPERS):
        if type(thing) is types.FunctionType:
            found, thing = thing, thing.__dict__.get("__wrapped__")
        elif type(thing) is types.MethodType:
            thing = thing.__func__
        elif type(thing) in (staticmethod, classmethod):
            thing = cast("staticmethod[..., object]", thing).__func__
        elif type(thing) is functools.partial:
            thing = thing.func
        elif type(thing) in stand_ins:
            thing = object.__getattribute__(thing, stand_ins[type(thing)])
        else:
            break
    return found


def code_of(thing: object) -> types.CodeType | None:
    """Return the code of the function that somebody wrote, below methods and wrappers."""
    function = function_of(thing)
    return function.__code__ if function is not None else None


def _fields(thing: object) -> Iterator[tuple[str, object]]:
    named: set[int] = set()
    for name, value in _named(thing):
        named.add(id(value))
        yield name, value
    if type(thing) is types.FunctionType or is_a(thing, type):
        return  # a function's globals lead to its whole module, a class to all its instances
    own = own_dict(thing)
    for value in referents(thing):  # what classes written in C keep has no name
        if id(value) not in named and value is not own and value is not type(thing):
            yield UNNAMED, value


def _named(thing: object) -> Iterator[tuple[str, object]]:
    own = own_dict(thing)
    for name, value in list(dict.items(own)) if own is not None else ():
        yield f".{name}", value
    for name, index in shape(type(thing)).slots:
        kept = _in_slot(thing, name, index) if not name.startswith("__") else ABSENT
        if kept is not ABSENT:
            yield f".{name}", kept
    for kind in mro(type(thing)) if not is_a(thing, type) else (thing,):
        if users_class(kind) is not None:
            yield from _class_attributes(kind)
    if type(thing) is types.FunctionType:
        for name, value in closed_over(thing).items():
            yield f"{CLOSURE}{name}", value
    elif type(thing) is types.MethodType:
        yield ".__self__", thing.__self__
    elif type(thing) is functools.partial:
        yield ".func", thing.func


def _class_attributes(kind: type) -> Iterator[tuple[str, object]]:
    for name, value in list(class_dict(kind).items()):
        if not name.startswith("__") and id(type(value)) not in _DESCRIPTORS:
            yield f".{name}", value


def closed_over(function: types.FunctionType) -> dict[str, object]:
    """Return the closure variables of *function*, by name; without those that have no value yet."""
    found: dict[str, object] = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=False):
        with suppress(ValueError):
            found[name] = cell.cell_contents
    return found


def args_of(error: object) -> tuple[Any, ...]:
    """Return the arguments of *error*; a user's class may define an `args` of its own."""
    found: tuple[Any, ...] = BaseException.__dict__["args"].__get__(error)
    return found


def said(error: object) -> str:
    """Return the text that *error* was raised with, "" if it is something else.

    We never call `str()`: a `__str__` may be user code, of the error and of its arguments.
    """
    first = args_of(error)[:1]
    return first[0] if first and type(first[0]) is str else ""


def all_said(error: object) -> str:
    """Return all the texts that *error* was raised with."""
    return " ".join(one for one in args_of(error) if type(one) is str)


def trace_of(error: object) -> types.TracebackType | None:
    """Return the traceback of *error*; a user's class may define a `__traceback__` of its own."""
    found: types.TracebackType | None = BaseException.__dict__["__traceback__"].__get__(error)
    return found


def behind(error: object) -> tuple[BaseException, ...]:
    """Return the cause of *error*, then the error that a handler had when it came up."""
    cause: Any = BaseException.__dict__["__cause__"].__get__(error)
    context: Any = BaseException.__dict__["__context__"].__get__(error)
    found = (cause, context if context is not cause else None)
    return tuple(one for one in found if one is not None)


def is_mock(thing: object) -> bool:
    """Return whether *thing* is a mock: of unittest.mock, its backport, or of asynctest."""
    names = (type.__dict__["__name__"].__get__(kind) for kind in mro(type(thing)))
    return "NonCallableMock" in names


def walk(root: object) -> Iterator[tuple[tuple[str, ...], object, tuple[object, ...]]]:
    """Yield what *root* leads to, nearest first: path, object, the objects between."""
    seen = {id(root)}
    todo: deque[tuple[tuple[str, ...], object, tuple[object, ...]]] = deque([((), root, ())])
    count = 0
    while todo and count < NODES:
        path, thing, between = todo.popleft()
        count += 1
        yield path, thing, between
        if len(path) < DEEPEST:
            for step, value in islice(steps(thing), WIDEST):
                if id(type(value)) not in _LEAVES and id(value) not in seen:
                    seen.add(id(value))
                    todo.append(((*path, step), value, (*between, thing)))
