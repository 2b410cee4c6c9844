"""Which error leaves a frame that an error enters: read from bytecode, as passing tests pay.

A syntax tree would show the same, but parsing the file would cost the test's own time. The bytecode
has a table: which instruction catches what is raised at which. From there we follow every path
through the handler. If a handler may end without an error, the error is caught.
"""

from __future__ import annotations

import asyncio
import gc
import opcode
import sys
from collections import deque
from collections.abc import Iterator, Sequence
from types import (
    AsyncGeneratorType,
    BuiltinMethodType,
    CodeType,
    CoroutineType,
    FrameType,
    FunctionType,
    GeneratorType,
    MethodType,
    ModuleType,
)
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from loopcheck.process import futures, objects
from loopcheck.process.frames import first_argument
from loopcheck.source.catching import exception_table

if TYPE_CHECKING:
    from typing import TypeAlias

STEPS = 2_000  # instructions in all handlers on one path: 1 ms at most
MOST_CODES = 1_000  # code objects to remember
NESTED = 5  # managers in managers
FAILS = frozenset({"fail"})  # calls that raise: `pytest.fail`, `self.fail`
EXITS = frozenset({"__exit__", "__aexit__"})
# Of pytest since 8.4, of pytest before, of unittest.
EXPECTED = ("expected_exceptions", "expected_exception", "expected")


class _Local(NamedTuple):
    """A local variable: its value is read only if a handler needs it."""

    name: str


class _OfLocal(NamedTuple):
    """An attribute of a local variable."""

    name: str
    attribute: str


class _Unknown:
    """A value that the code alone does not show."""


UNKNOWN = _Unknown()
Kind: TypeAlias = type | _Unknown  # of an error; unknown if a handler raised a new one
Caught: Final = None  # the third possible outcome of an error

_NAMES: Sequence[str] = opcode.opname
_CODES = opcode.opmap
_JUMPS = frozenset(opcode.hasjrel)
_ALWAYS = frozenset({"JUMP_FORWARD", "JUMP_BACKWARD", "JUMP_BACKWARD_NO_INTERRUPT"})
_RERAISES = frozenset({"RERAISE", "END_ASYNC_FOR", "CLEANUP_THROW"})
_RETURNS = frozenset({"RETURN_VALUE", "RETURN_CONST"})
_KEEPS = frozenset({"CACHE", "EXTENDED_ARG", "NOP", "PUSH_NULL", "PUSH_EXC_INFO", "NOT_TAKEN"})
_ENTERS = frozenset({"BEFORE_WITH", "BEFORE_ASYNC_WITH", "LOAD_SPECIAL"})
_LOCALS = frozenset({"LOAD_FAST", "LOAD_FAST_CHECK", "LOAD_FAST_BORROW"})
_ATTRIBUTES = frozenset({"LOAD_ATTR", "LOAD_METHOD"})
_SHIFTED = sys.version_info >= (3, 12)  # the last bit of `LOAD_ATTR` means "method" there
_WAIT_FOR = getattr(asyncio.wait_for, "__code__", None) if not _SHIFTED else None
_FRAMES = {CoroutineType: "cr_frame", GeneratorType: "gi_frame", AsyncGeneratorType: "ag_frame"}


class Limit(NamedTuple):
    """A manager that turns an error that enters its block into one of *kind*."""

    manager: object
    kind: type
    of: type = asyncio.CancelledError
    drops: bool = False  # it raises nothing; a `@contextmanager` around it may (`fail_after`)


class Step(NamedTuple):
    """A frame on an error's path, with the managers of the blocks it is in: innermost last.

    For a running frame these managers can't be read: `managers` is None then.
    """

    frame: FrameType
    managers: list[object] | None


def step_of(suspended: Any) -> Step | None:
    """Return the frame of a waiting coroutine or generator, None if it has ended."""
    frame = getattr(suspended, _FRAMES[type(suspended)]) if type(suspended) in _FRAMES else None
    return Step(frame, _entered(suspended)) if frame is not None else None


def leaves(step: Step, kind: Kind, limit: Limit | None = None) -> Kind | None:
    """Return the kind of error that leaves *step* when one of *kind* enters it, None if caught.

    *limit* is the manager on the path that turns a cancellation into its own error.
    """
    way = _Way(step, limit)
    if limit is not None and _is_exit(step, limit.manager):
        return way.limited(limit, kind)
    if _is_groups(step.frame.f_code) and _is_cancellation(kind):
        return kind  # the group waits for the end of its tasks, and then raises it again
    if _waits_for_pending(step.frame) and _is_cancellation(kind):
        return kind
    return way.out(step.frame.f_lasti, kind)


def holds(step: Step, manager: object) -> bool:
    """Return whether *step* is in a block of *manager*, or in its exit method."""
    return _is_exit(step, manager) or any(_is_within(one, manager) for one in step.managers or ())


def _entered(suspended: object) -> list[object]:
    """Return the managers of the blocks that a suspended frame is in: they are on its stack."""
    found: list[object] = []
    before: object = None
    for thing in gc.get_referents(suspended):
        if type(thing) is MethodType:
            function: Any = thing.__func__
            if getattr(function, "__name__", "") in EXITS:
                found.append(thing.__self__)
        elif type(before) is FunctionType and before.__name__ in EXITS:  # 3.14 keeps both
            found.append(thing)
        elif type(thing) is BuiltinMethodType and thing.__name__ in EXITS:
            found.append(thing.__self__)
        before = thing
    return found


def _is_groups(code: CodeType) -> bool:
    """Return whether *code* ends the block of a task group, asyncio's or anyio's."""
    return code.co_qualname == "TaskGroup.__aexit__"


def _waits_for_pending(frame: FrameType) -> bool:
    """Return whether *frame* is a `wait_for` that will pass on a cancellation, before 3.12.

    It drops one only if its future has a result by then.
    """
    if frame.f_code is not _WAIT_FOR:
        return False
    future = frame.f_locals.get("fut")
    return futures.is_future(future) and not futures.done(future)


def _is_exit(step: Step, manager: object) -> bool:
    return step.frame.f_code.co_name in EXITS and first_argument(step.frame) is manager


def _is_within(one: object, manager: object) -> bool:
    """Return whether *one* is *manager*, or a `@contextmanager` in a block of it."""
    for _ in range(NESTED):
        if one is manager:
            return True
        step = step_of(_generator(one))
        if step is None:
            return False
        if any(inner is manager for inner in step.managers or ()):
            return True
        one = step.managers[-1] if step.managers else None
    return False


def _generator(manager: object) -> object:
    """Return the generator that runs the block of a `@contextmanager`."""
    known = objects.module_of(type(manager)) == "contextlib"
    return objects.peek(manager, "gen") if known else None


class _Known:
    """What we worked out so far about a code object and errors: a polling test needs it very often.

    It is found by identity: a code object compares, and hashes, by all its contents.
    """

    __slots__ = ("answers", "code", "entries", "handled", "table")

    def __init__(self, code: CodeType) -> None:
        self.code = code
        self.table = list(exception_table.blocks(code))
        self.entries: dict[int, tuple[int, int] | None] = {}  # by instruction
        self.handled: dict[tuple[int, int], list[tuple[int, Any]]] = {}  # by handler and kind
        self.answers: bool | None = None


_known: dict[int, _Known] = {}


def _of(code: CodeType) -> _Known:
    found = _known.get(id(code))
    if found is None:
        if len(_known) >= MOST_CODES:
            _known.clear()
        found = _known[id(code)] = _Known(code)
    return found


_EXIT = object()  # the manager of the block decides what happens to the error


class _Way:
    """The path of one error out of a frame."""

    def __init__(self, step: Step, limit: Limit | None, depth: int = 0) -> None:
        self.frame, self.limit, self.depth = step.frame, limit, depth
        self.code: CodeType = step.frame.f_code
        self.known = _of(self.code)
        self.bytes = b""  # of the code, once it is read
        self.managers = list(step.managers) if step.managers is not None else None
        self.met: dict[int, object] = {}  # managers, by the handler that stands for them
        self.left = STEPS
        self.of_frame = False  # the answer depends on the values of this frame

    def out(self, at: int, kind: Kind) -> Kind | None:
        """Return what leaves the frame when *kind* is raised at the instruction *at*."""
        if self._entry(at) is None:
            return kind
        todo, seen = [(at, kind)], set[tuple[int, int]]()
        left: dict[int, Kind] = {}
        while todo:
            at, kind = todo.pop()
            if (at, id(kind)) in seen:
                continue
            seen.add((at, id(kind)))
            entry = self._entry(at)
            if entry is None:
                left[id(kind)] = kind
                continue
            for raised, made in self._raised(entry[1], kind):
                if made is _EXIT:
                    made = self._exit(*entry, kind)
                if made is Caught:
                    return None
                todo.append((raised, made))
        kinds = list(left.values())
        return kinds[0] if len(kinds) == 1 else UNKNOWN

    def _entry(self, at: int) -> tuple[int, int] | None:
        """Return where the block around *at* begins, and the handler for what is raised in it."""
        known = self.known
        if at not in known.entries:
            blocks = ((one[0], one[2]) for one in known.table if one[0] <= at < one[1])
            known.entries[at] = next(blocks, None)
        return known.entries[at]

    def _raised(self, target: int, kind: Kind) -> list[tuple[int, Any]]:
        """Return where the handler at *target* raises, and what."""
        found = self.known.handled.get((target, id(kind)))
        if found is None:
            self.bytes = self.bytes or self.code.co_code
            self.of_frame = False
            found = list(self._handled(target, kind))
            if not self.of_frame:
                self.known.handled[target, id(kind)] = found
        return found

    def _handled(self, target: int, kind: Kind) -> Iterator[tuple[int, Any]]:
        """Yield where the handler at *target* raises, and what; Caught if it may end normally."""
        todo, seen = [target], set[int]()
        matched = False
        while todo:
            at, values = todo.pop(), list[object]()
            while at < len(self.bytes) and at not in seen:
                seen.add(at)
                self.left -= 1
                if self.left < 0:
                    yield at, Caught
                    return
                number, arg, after = self._instruction(at)
                name = _NAMES[number]
                if name in _RERAISES:
                    yield at, kind
                    break
                if name == "RAISE_VARARGS":
                    yield at, UNKNOWN if arg else kind
                    break
                if name == "WITH_EXCEPT_START":
                    yield at, _EXIT
                    break
                if name in _RETURNS or name == "CHECK_EG_MATCH":
                    yield at, Caught
                    return
                if name == "POP_EXCEPT":
                    if _NAMES[self.bytes[after]] != "RERAISE":
                        yield at, Caught
                        return
                elif name == "CHECK_EXC_MATCH":
                    fits = _fits(self._wanted(values[-1] if values else UNKNOWN), kind)
                    matched = matched or fits is not False
                    at = after
                    number, arg, after = self._instruction(at)
                    where = self._target(number, arg, after)
                    if fits is not True:
                        todo.append(where)
                    if fits is False:
                        break
                elif number in _JUMPS:
                    where = self._target(number, arg, after)
                    if name in _ALWAYS:
                        after = where
                    else:
                        todo.append(where)
                elif name not in _KEEPS:
                    if matched and self._names(name, arg) in FAILS:
                        yield at, UNKNOWN
                        break
                    self._load(name, arg, values)
                at = after

    def _instruction(self, at: int) -> tuple[int, int, int]:
        """Return number and argument of the instruction at *at*, and where the next one is."""
        number, arg = self.bytes[at], self.bytes[at + 1]
        while _NAMES[number] == "EXTENDED_ARG":
            at += 2
            number, arg = self.bytes[at], arg << 8 | self.bytes[at + 1]
        at += 2
        while at < len(self.bytes) and not self.bytes[at]:  # CACHE
            at += 2
        return number, arg, at

    def _target(self, number: int, arg: int, after: int) -> int:
        back = "BACKWARD" in _NAMES[number]
        return after - 2 * arg if back else after + 2 * arg

    def _load(self, name: str, arg: int, values: list[object]) -> None:
        """Follow the values of the names in a handler's class list."""
        if name in ("LOAD_GLOBAL", "LOAD_NAME"):
            found = self._names(name, arg) or ""
            value: object = UNKNOWN
            for space in (self.frame.f_builtins, self.frame.f_globals):
                value = dict.get(space, found, value)
            values.append(value)
        elif name == "LOAD_ATTR" and values:  # without calling a module's __getattr__
            owner, found = values.pop(), self._names(name, arg) or ""
            value = dict.get(vars(owner), found, UNKNOWN) if type(owner) is ModuleType else UNKNOWN
            values.append(_OfLocal(owner.name, found) if isinstance(owner, _Local) else value)
        elif name in _LOCALS and arg < len(self.code.co_varnames):
            values.append(_Local(self.code.co_varnames[arg]))
        elif name == "BUILD_TUPLE" and arg <= len(values):
            values[len(values) - arg :] = [tuple(values[len(values) - arg :])]
        elif name.startswith("LOAD_"):
            values.append(UNKNOWN)
        else:
            values.clear()

    def _wanted(self, value: object) -> object:
        """Return what a handler catches: a client keeps the errors to retry as its attribute."""
        if isinstance(value, _OfLocal):
            self.of_frame = True
            return objects.attribute(self.frame.f_locals.get(value.name), value.attribute)
        return value

    def _names(self, name: str, arg: int) -> str | None:
        if name == "LOAD_GLOBAL" or (name == "LOAD_ATTR" and _SHIFTED):
            arg >>= 1
        elif name not in ("LOAD_NAME", *_ATTRIBUTES):
            return None
        return self.code.co_names[arg] if arg < len(self.code.co_names) else None

    def _exit(self, start: int, target: int, kind: Kind) -> Kind | None:
        """Return what the manager of the block that begins at *start* does with an error."""
        if self.managers is None:
            return Caught if self._expects(start, kind) else kind
        if target not in self.met:
            if not self.managers:
                return Caught
            self.met[target] = self.managers.pop()
        return self._manager(self.met[target], kind)

    def _expects(self, start: int, kind: Kind) -> bool:
        """Return whether the statement of a `with` shows that it expects an error of *kind*."""
        self.bytes = self.bytes or self.code.co_code
        entered = False
        for at in range(start - 2, -2, -2):
            name = _NAMES[self.bytes[at]]
            if name in _ENTERS:
                entered = True
            elif entered and (name.startswith(("STORE_", "POP_")) or name == "RESUME"):
                return False
            said = self._names(name, self.bytes[at + 1]) or "" if entered else ""
            if said == "suppress":
                return True
            if "raises" in said.lower():
                return _fits(self._first_argument(at, start), kind) is not False
        return False

    def _first_argument(self, at: int, end: int) -> object:
        """Return the first argument of the call whose function is loaded at *at*."""
        values: list[object] = []
        _, _, at = self._instruction(at)
        while at < end:
            number, arg, after = self._instruction(at)
            if "CALL" in _NAMES[number] or _NAMES[number] == "KW_NAMES":
                break
            self._load(_NAMES[number], arg, values)
            at = after
        first = values[0] if values else UNKNOWN
        return self.frame.f_locals.get(first.name) if isinstance(first, _Local) else first

    def _manager(self, manager: object, kind: Kind) -> Kind | None:
        if self.limit is not None and manager is self.limit.manager:
            return self.limited(self.limit, kind)
        name = objects.type_name(manager)
        if name == "contextlib.suppress":
            return kind if _fits(objects.peek(manager, "_exceptions"), kind) is False else Caught
        if name in ("contextlib.ExitStack", "contextlib.AsyncExitStack"):
            return self._stack(manager, kind)
        if "raises" in name.lower():
            return kind if _fits(_expected(manager), kind) is False else Caught
        if name.endswith(".TaskGroup"):
            return kind if _is_cancellation(kind) else ExceptionGroup
        if name == "anyio._backends._asyncio.CancelScope":
            return kind  # it drops only its own cancellation
        inner = _generator(manager)
        if inner is not None:
            return self._generated(inner, kind)
        return Caught if _may_drop(type(manager)) else kind

    def limited(self, limit: Limit, kind: Kind) -> Kind | None:
        """Return what the limit itself does with an error in its block."""
        if isinstance(kind, _Unknown) or limit.of not in objects.mro(kind):
            return kind
        return Caught if limit.drops else limit.kind

    def _generated(self, inner: Any, kind: Kind) -> Kind | None:
        """Return what a `@contextmanager` does with an error in its block."""
        step = step_of(inner)
        if step is None or self.depth >= NESTED:
            return Caught
        found = _Way(step, self.limit, self.depth + 1).out(step.frame.f_lasti, kind)
        limit = self.limit
        if found is Caught and limit is not None and limit.drops and holds(step, limit.manager):
            raises = _CODES["RAISE_VARARGS"] in step.frame.f_code.co_code[::2]
            return limit.kind if raises else Caught
        return found

    def _stack(self, stack: object, kind: Kind) -> Kind | None:
        kept = objects.peek(stack, "_exit_callbacks")
        now: Kind | None = kind
        for one in reversed(list(kept)) if type(kept) is deque else ():
            called = one[1] if type(one) is tuple and len(one) == 2 else None
            if type(called) is MethodType and now is not None:
                now = self._manager(called.__self__, now)
        return now


def _is_cancellation(kind: Kind) -> bool:
    return not isinstance(kind, _Unknown) and asyncio.CancelledError in objects.mro(kind)


def _may_drop(kind: type) -> bool:
    """Return whether the exit method of a class may return anything but None or False."""
    for one in objects.mro(kind):
        for name in ("__aexit__", "__exit__"):
            function = objects.function_of(objects.class_dict(one).get(name))  # it may be ours
            if function is not None:
                known = _of(function.__code__)
                if known.answers is None:
                    known.answers = _answers(known.code)
                return known.answers
            if function is not None:
                return False  # written in C: a lock, a file
    return False


def _expected(manager: object) -> object:
    """Return the error classes that a `raises` of pytest or unittest lets end its block."""
    if objects.type_name(manager).endswith("Group"):
        return None  # these are the classes of a group's members
    found = [one for name in EXPECTED if (one := objects.peek(manager, name)) is not None]
    # `raises(check=…)` without a class takes any error.
    return found[0] if found and (type(found[0]) is not tuple or len(found[0])) else None


def _answers(code: CodeType) -> bool:
    before = ("", 0)
    units = code.co_code
    for at in range(0, len(units), 2):
        name, arg = _NAMES[units[at]], units[at + 1]
        if name == "RETURN_CONST":
            before = ("LOAD_CONST", arg)
        if name in _RETURNS:
            const = code.co_consts[before[1]] if before[0] == "LOAD_CONST" else UNKNOWN
            if const is not None and const is not False:
                return True
        if units[at]:
            before = name, arg
    return False


def _fits(wanted: object, kind: Kind) -> bool | None:
    """Return whether an `except` with *wanted* catches *kind*; None if that is unknown."""
    if type(wanted) is tuple:
        parts = [_fits(one, kind) for one in wanted]
        return True if True in parts else None if None in parts else False
    if not objects.is_a(wanted, type):
        return None
    if isinstance(kind, _Unknown):
        return True if wanted in (Exception, BaseException) else None
    return any(wanted is one for one in objects.mro(kind))
