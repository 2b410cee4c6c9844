"""What a double (a mock or fake) is, read without touching it: a mock creates what you read."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping
from types import CodeType, CoroutineType, FunctionType, MethodType
from typing import Any

from loopcheck.labels import plain
from loopcheck.light import dataclass
from loopcheck.process import objects, parameters
from loopcheck.process.doubles import call_lists
from loopcheck.process.objects import UNKNOWN
from loopcheck.source import parsed_files, project_files
from loopcheck.source.nodes import is_text
from loopcheck.source.values import callees, getattr_fallbacks, meaning

peek = objects.peek

RUNS = ("_execute_mock_call", "_mock_call")  # 3.11 and later, and before
MOST = 2_000  # most mocks to follow from one mock
PARENTS = 30  # steps from a mock up to the one that the code created
RESULT = "()"
_DEEPEST = 4  # one-line functions to follow


@dataclass(frozen=True, eq=False)
class Coroutine:
    """The coroutine that a call of an async double returns. Lives only while a probe runs."""

    of: object


@dataclass(frozen=True, eq=False)
class Put:
    """A replacement by a patch. Lives only while its test, or a probe, runs."""

    owner: object  # for a module its dict
    name: str
    double: object
    original: object
    over: bool = False  # undone by now
    site: tuple[str, int, str] | None = None  # the line of user code that patches


@dataclass(frozen=True, eq=False)
class Gone:
    """A mock that was freed when its patch ended."""

    calls: int
    site: tuple[str, int]


@dataclass(frozen=True, eq=False)
class Fake:
    """The `async def` of a fake whose coroutine is known. Lives only while a probe runs."""

    code: CodeType
    of: object  # its first argument, UNKNOWN if it takes none


def is_async(mock: object) -> bool:
    """Return whether a call of *mock* returns a coroutine."""
    names = ("AsyncMockMixin", "CoroutineMock")
    return any(_named(kind) in names for kind in objects.mro(type(mock)))


def _named(kind: type) -> str:
    """Return the name of a mock library's class, "" for other classes."""
    if not objects.module_of(kind).endswith("mock"):
        return ""
    return str(type.__dict__["__name__"].__get__(kind))


def kind_of(mock: object) -> str:
    """Return the class that user code called: every mock has a subclass of its own."""
    return str(type.__dict__["__name__"].__get__(type(mock)))


def mock_of(thing: object) -> object | None:
    """Return *thing* if it is a mock, or the mock behind what `create_autospec` made."""
    if objects.is_mock(thing):
        return thing
    if type(thing) is MethodType:
        thing = thing.__func__
    if type(thing) is not FunctionType:
        return None
    kept = thing.__dict__.get("mock")
    return kept if objects.is_mock(kept) else None


def same(one: object, other: object) -> bool:
    """Return whether both are one double, also behind a function of `create_autospec`."""
    return one is other or (mock_of(one) is not None and mock_of(one) is mock_of(other))


def given(mock: object) -> object:
    """Return what a call of *mock* returns, UNKNOWN if nothing has decided that."""
    delegate = peek(mock, "_mock_delegate")
    if type(delegate) is FunctionType:  # of create_autospec
        return delegate.__dict__.get("return_value", UNKNOWN)
    own = objects.own_dict(mock)
    found = own.get("_mock_return_value", UNKNOWN) if own is not None else UNKNOWN
    return UNKNOWN if objects.type_name(found).endswith("_SentinelObject") else found


def gives_at_once(mock: object, kind: str) -> bool:
    """Return whether a call of *mock* returns no coroutine, but something of the type *kind*."""
    result = given(mock)
    return not is_async(mock) and result is not UNKNOWN and kind_of(result) == kind


def effect(mock: object) -> object | None:
    """Return the side effect of *mock*: an exception, an iterator, or a function."""
    delegate = peek(mock, "_mock_delegate")
    if type(delegate) is FunctionType:
        found = delegate.__dict__.get("side_effect")
        return found if found is not None else peek(mock, "_mock_side_effect")
    return peek(mock, "_mock_side_effect")


def calls(mock: object) -> int:
    """Return how often *mock* was called."""
    delegate = peek(mock, "_mock_delegate")
    kept = delegate.__dict__.get("call_count") if type(delegate) is FunctionType else None
    found = kept if kept is not None else peek(mock, "_mock_call_count")
    return found if type(found) is int else 0


def arguments(mock: object) -> list[tuple[tuple[object, ...], dict[str, object]]]:
    """Return the arguments and keywords of each call of *mock*."""
    kept = call_lists.of(mock)
    made = list.__iter__(kept) if kept is not None else ()
    rows = [tuple(tuple.__iter__(one)) for one in made if objects.is_a(one, tuple)]
    pairs = [row[-2:] for row in rows if len(row) > 1]
    return [(a, k) for a, k in pairs if type(a) is tuple and type(k) is dict]


def child(mock: object, name: str) -> object:
    """Return the attribute *name* that *mock* has now, UNKNOWN if no code has read it yet."""
    children = peek(mock, "_mock_children")
    found = children.get(name, UNKNOWN) if type(children) is dict else UNKNOWN
    if found is not UNKNOWN:
        return found
    own = objects.own_dict(mock)
    return own.get(name, UNKNOWN) if own is not None and not name.startswith("_mock") else UNKNOWN


def up(mock: object) -> Iterator[tuple[object, str]]:
    """Yield *mock* and its parents, each with the step that leads there from its parent."""
    for _ in range(PARENTS):
        name = peek(mock, "_mock_new_name")
        yield mock, name if type(name) is str else ""
        parent = peek(mock, "_mock_new_parent")
        if not objects.is_mock(parent):
            return
        mock = parent


def out_of(mock: object) -> Iterator[object]:
    """Yield *mock*, its children and its results, up to a limit."""
    todo, seen = [mock], {id(mock)}
    while todo and len(seen) < MOST:
        one = todo.pop()
        yield one
        children = peek(one, "_mock_children")
        inner = [*children.values()] if type(children) is dict else []
        for each in (*inner, given(one)):
            if objects.is_mock(each) and id(each) not in seen:
                seen.add(id(each))
                todo.append(each)


def behind(coroutine: object) -> object | None:
    """Return the mock whose call created *coroutine*, None for any other coroutine."""
    if type(coroutine) is not CoroutineType or not is_mocks_code(coroutine.cr_code):
        return None
    frame = coroutine.cr_frame
    mock = frame.f_locals.get("self") if frame is not None else None
    return mock if objects.is_mock(mock) else None


def is_mocks_code(code: CodeType) -> bool:
    """Return whether *code* is what a mock runs when it is called."""
    return code.co_name in RUNS and code.co_filename.replace("\\", "/").endswith("mock.py")


def spec_of(mock: object) -> tuple[str, type] | None:
    """Return the class in the spec of *mock*, if it has one."""
    spec = peek(mock, "_spec_class")
    if spec is None or not objects.is_a(spec, type):
        return None
    kind: Any = spec
    return str(type.__dict__["__name__"].__get__(kind)), kind


# The values of expressions

Stood = Callable[[object, str], object]  # the replacement of a patch that has ended, or UNKNOWN


@dataclass(frozen=True, eq=False)
class Scope:
    """The names of a frame, with their values when it ran. Lives only while a probe runs."""

    own: Mapping[str, object]
    shared: Mapping[str, object]  # the globals of its module
    stood: Stood

    def get(self, name: str, default: object) -> object:
        if name in self.own:
            return self.own[name]
        before = self.stood(self.shared, name)
        return before if before is not UNKNOWN else self.shared.get(name, default)

    def within(self, function: FunctionType, of: object) -> Scope:
        """Return the scope of a method of *of*."""
        given = dict.fromkeys(parameters.positional(function.__code__)[:1], of)
        own = meaning.own_in_call(function, given)
        return Scope(own, function.__globals__, self.stood)


def mean(node: ast.AST, scope: Scope, depth: int = 0) -> object:
    """Return the value of *node* when its line ran, as far as mocks and patches show it."""

    def ran(node: ast.AST) -> object:
        match node:
            case ast.Await(value=value):
                made = mean(value, scope, depth)
                mocks = type(made) is Coroutine and objects.is_mock(made.of)
                return given(made.of) if mocks else UNKNOWN  # type: ignore[attr-defined]
            case ast.Call(func=func):
                callee = mean(func, scope, depth)
                if (mock := mock_of(callee)) is not None:
                    return Coroutine(mock) if is_async(mock) else given(mock)
                return _one_line(callee, scope, depth)
        return UNKNOWN

    def member(of: object, name: str) -> object:
        return UNKNOWN if type(of) is Coroutine else attribute(of, name, scope, depth)

    found = meaning.of(node, scope, attribute=member, part=_part, other=ran)
    return found if meaning.known(found) else UNKNOWN


def _part(many: object, key: object) -> object:
    if objects.is_mock(many):
        return given(child(many, "__getitem__"))
    return meaning.part(many, key)


def attribute(of: object, name: str, scope: Scope, depth: int = 0) -> object:
    """Return the attribute *name* of *of*, as it was when the line ran."""
    if of is UNKNOWN:
        return UNKNOWN
    if objects.is_mock(of):
        return child(of, name)
    before = scope.stood(objects.own_dict(of) if objects.is_module(of) else of, name)
    if before is not UNKNOWN:
        return before
    own = objects.own_dict(of)
    if own is None or name not in own:
        itself: Any = of
        for kind in objects.mro(itself if objects.is_a(of, type) else type(of)):
            if (before := scope.stood(kind, name)) is not UNKNOWN:
                return before
            found = objects.class_dict(kind).get(name, UNKNOWN)
            if objects.is_mock(found):
                return found
            if type(found) is property and type(found.fget) is FunctionType:
                return _one_line(MethodType(found.fget, of), scope, depth)
            if found is not UNKNOWN:
                break
    return getattr_fallbacks.attribute(of, name)


def _one_line(callee: object, scope: Scope, depth: int) -> object:
    """Return the result of a function in user code whose only line is a `return`."""
    function = callees.function_of(callee)
    if type(function) is not FunctionType or depth >= _DEEPEST:
        return UNKNOWN
    code = function.__code__
    block = parsed_files.function_of(code)
    body = [one for one in block.body if not is_text(one)] if block is not None else []
    if len(body) != 1 or not isinstance(body[0], ast.Return) or body[0].value is None:
        return UNKNOWN
    if isinstance(block, ast.AsyncFunctionDef) or project_files.owner(code.co_filename) != "user":
        return UNKNOWN
    of = callee.__self__ if type(callee) is MethodType else UNKNOWN
    return mean(body[0].value, scope.within(function, of), depth + 1)


# Doubles that are not mocks

_FAKES = ("fake", "stub", "dummy", "mock", "spy", "inmemory")


def fake(callee: object, patched: Callable[[FunctionType], bool]) -> FunctionType | None:
    """Return *callee*'s function if it was written as a fake.

    It is in the tests' own files and has a fake's name, or a test defined it, or *patched* says
    that a patch put it in place of another.
    """
    function = callees.function_of(callee)
    if type(function) is not FunctionType:
        return None
    code = objects.code_of(function)
    if code is None or project_files.owner(code.co_filename) != "user":
        return None
    return function if patched(function) or of_a_fake(code) else None


def of_a_fake(code: CodeType) -> bool:
    """Return whether *code* was written as a fake, by its name and its file."""
    return _local_to_a_test(code) or _called_a_fake(code)


def _local_to_a_test(code: CodeType) -> bool:
    outer = code.co_qualname.split(".<locals>.")[:-1]
    return any(one.rpartition(".")[2].startswith("test") for one in outer) or (
        bool(outer) and project_files.of_tests(code.co_filename)
    )


def _called_a_fake(code: CodeType) -> bool:
    owner = code.co_qualname.rpartition(".<locals>.")[2].split(".")
    names = [one.lower().lstrip("_") for one in owner]
    return any(name.startswith(_FAKES) or name.endswith(_FAKES) for name in names)


def unprefixed(code: CodeType) -> str | None:
    """Return the class that a fake is named after: `FakeRedis` stands in for `Redis`."""
    owner = code.co_qualname.rpartition("<locals>.")[2].rpartition(".")[0].lstrip("_")
    for word in _FAKES:
        if owner.lower().startswith(word) and len(owner) > len(word):
            return owner[len(word) :].lstrip("_")
    return None


def words(node: ast.AST) -> str:
    """Return the text of *node* on one line, shortened to 60 characters."""
    text = plain(" ".join(ast.unparse(node).split()))
    return text if len(text) <= 60 else f"{text[:57]}…"
