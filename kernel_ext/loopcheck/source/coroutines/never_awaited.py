"""Coroutines that Python warned about: their code, and the line that created them."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from types import CodeType, CoroutineType
from typing import Any

from loopcheck.labels import Labels
from loopcheck.light import replace
from loopcheck.process.frames import module_of
from loopcheck.records import CoroutineTaker, NeverAwaited, Place
from loopcheck.runner import fixtures
from loopcheck.source import call_names, calls, nodes, parsed_files, project_files, user_code
from loopcheck.source.calls import Call, last
from loopcheck.source.coroutines import (
    callback_routes,
    coroutine_makers,
    creating_calls,
    hiding_wrappers,
    unawaited_warnings,
)

MOCKS = ("AsyncMockMixin._execute_mock_call", "AsyncMockMixin._mock_call")
XUNIT = ("method", "class", "function", "module")
PYTEST = re.compile(r"/(_pytest|pluggy|pytest_asyncio)/")
# They await their arguments: only a mock of theirs drops one.
AWAITING = frozenset({"wait_for", "shield", "gather"})
# pytest and unittest call these by their names, and drop what they return.
SET_UPS = frozenset(
    {f"{when}_{of}" for when in ("setup", "teardown") for of in XUNIT}
    | {f"{when}{of}" for when in ("setUp", "tearDown") for of in ("", "Class", "Module")}
)


def read(
    warned: Any,
    item: Any,
    items: Iterable[Any],
    labels: Labels,
    *,
    late: bool = False,
    begun: Sequence[str] | None = None,
) -> NeverAwaited:
    """Return the coroutine of *warned*, which *item* created, a test of *items*: earlier if *late*.

    *begun* has the node ids of the tests so far: no line of another one ran.
    """
    name = unawaited_warnings.coroutine_name(warned) or ""
    code = _code(warned)
    line = ("", 0) if late else (str(warned.filename), int(warned.lineno))
    said = record(name, code, line, item, labels, begun, warned.source)
    if said.role is None and said.made_at is None and _of_a_test(code, items):
        return replace(said, role="another test")  # its frames were freed late, at any line
    if said.role is None and said.owner == "library" and _between_libraries(warned):
        return replace(said, role="library")
    unseen = said.role is None and said.made_at is None
    made = creating_calls.of(warned.source) if unseen else None
    if made is None:
        # Whoever drops it, it is freed at any time, in any test: no line of the project to change.
        unknown = said.role is None and said.made_at is None and said.owner == "library"
        return replace(said, role="library") if unknown else said
    at = Place(labels.file(made.file), made.line, made.name)
    plain = calls.in_plain(made)
    return replace(
        said,
        made_at=at,
        made_by=made.function,
        in_plain=plain,
        taker=_taker(made, item, labels),
        kept=not made.alone,
        awaited_as=awaited_as(name, _code(warned), made.file, made.line),
    )


def read_kept(coroutine: Any, taker: str, item: Any, labels: Labels) -> NeverAwaited | None:
    """Return the *coroutine* that a mock of *item* keeps, called *taker*; None if left to others.

    Only what a user's line created counts: a library may have a use for its own.
    """
    code = coroutine.cr_code
    if _of_item(code, coroutine.__qualname__, item, user_code.test(item)) is not None:
        return None
    made = coroutine_makers.recorded(coroutine)
    if made is None:
        return None
    return replace(_held(coroutine, made, labels), kept_by=made.to or taker or "a mock")


def read_held(coroutine: Any, item: Any, labels: Labels) -> NeverAwaited | None:
    """Return the *coroutine* that a name still holds; None if left to others."""
    code = coroutine.cr_code
    if _of_item(code, coroutine.__qualname__, item, user_code.test(item)) is not None:
        return None
    made = coroutine_makers.recorded(coroutine)
    if made is None:
        return None
    return replace(_held(coroutine, made, labels), in_plain=calls.in_plain(made), held=True)


def _held(coroutine: Any, made: Call, labels: Labels) -> NeverAwaited:
    return NeverAwaited(
        name=coroutine.__qualname__.rpartition("<locals>.")[2],
        owner=project_files.owner(coroutine.cr_code.co_filename),
        made_at=Place(labels.file(made.file), made.line, made.name),
        made_by=made.function,
    )


def _between_libraries(warned: Any) -> bool:
    """Return whether SQLAlchemy created it with a driver that no user file imports.

    SQLAlchemy drops what aiosqlite created for it when it finds that nothing awaits it.
    """
    frame = warned.source.cr_frame if type(warned.source) is CoroutineType else None
    name = module_of(frame) if frame is not None else None
    driver = _root(name) if type(name) is str else ""
    dialects = (one for one in list(sys.modules) if one.startswith("sqlalchemy.dialects."))
    if not driver or all(one.rpartition(".")[2] != driver for one in dialects):
        return False
    return not any(
        driver in _imported(one) for one in (*project_files.files(), *parsed_files.cells())
    )


def _root(module: str | None) -> str:
    return (module or "").partition(".")[0]


def _imported(filename: str) -> Iterator[str]:
    """Yield the packages that *filename* imports from, in functions, too."""
    for node in parsed_files.statements(
        parsed_files.tree(filename) or ast.Module(body=[], type_ignores=[])
    ):
        if isinstance(node, ast.Import):
            yield from (_root(one.name) for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield _root(node.module)


def _code(warned: Any) -> CodeType | None:
    return warned.source.cr_code if type(warned.source) is CoroutineType else None


def made_within(warned: Any, items: Iterable[Any]) -> frozenset[str]:
    """Return the node ids of those of *items* whose body contains the coroutine's function."""
    code = _code(warned)
    around, inside, _ = code.co_qualname.partition(".<locals>.") if code is not None else ("",) * 3
    if code is None or not inside:
        return frozenset()
    defined, name = (code.co_filename, around), around.rpartition(".")[2]
    named = [one for one in items if vars(one).get("originalname") == name]
    tests = [(str(one.nodeid), user_code.function(vars(one).get("_obj"))) for one in named]
    return frozenset(
        nodeid for nodeid, of in tests if of and (of.co_filename, of.co_qualname) == defined
    )


def record(
    name: str,
    code: CodeType | None,
    line: tuple[str, int],
    item: Any,
    labels: Labels,
    begun: Sequence[str] | None = None,
    coroutine: object = None,
) -> NeverAwaited:
    """Return the coroutine *name*, dropped at or held by *line*; *coroutine* is it, if known."""
    test = user_code.test(item)
    known = _of_item(code, name, item, test)
    found = None
    if known is None and code is not None and _called_by_name(code, item):
        at = Place(labels.file(code.co_filename), fixtures.def_line(code), code.co_name)
        return NeverAwaited(name=name, owner="user", made_at=at, set_up=True)
    short = code.co_name if code is not None else name.rpartition(".")[2]
    if known is None:
        others = labels.cells if item is None else ()  # in a notebook, any cell may have created it
        found, nested = coroutine_makers.find(short, code, line, item, others, coroutine)
        if found is not None and not _ran(found, begun, labels):
            found = None
        known, found = ("nested run", None) if nested else (None, found)
        if found is None and known is None and PYTEST.search(line[0].replace("\\", "/")):
            known = "another test"  # a failed one: a later test frees its frames
    back = found is not None and found.returned
    called_by_others = known is None and code is not None and (found is None or found.passed)
    return NeverAwaited(
        name=name.rpartition("<locals>.")[2],
        owner=project_files.owner(code.co_filename) if code is not None else "library",
        made_at=Place(labels.file(found.file), found.line, found.name or None) if found else None,
        made_by=found.function if found else None,
        in_plain=found is not None and calls.in_plain(found),
        caller=found.to if found and found.passed else None,
        threaded=found is not None
        and found.taker in coroutine_makers.THREADS
        and _in_thread(coroutine),
        no_loop=test is not None and not test.co_flags & inspect.CO_COROUTINE,
        by_loop=found is not None
        and not found.passed
        and calls.in_plain(found)
        and creating_calls.is_called_by_loop(coroutine),
        passed_at=_passed_at(short, code, found, test, labels) if found is not None else None,
        taker=_taker(found, item, labels) if found else None,
        double=found.to if found and found.onward and found.taker in AWAITING else None,
        kept=found is None or (found.named and not _only_asked(found)),
        handed_back_by=found.function if found and back else None,
        used_at=Place(labels.file(line[0]), line[1]) if back and line[0] else None,
        in_generator=_in_generator(found) if found else False,
        awaited_as=awaited_as(name, code, found.file, found.line) if found else None,
        hidden_by=hiding_wrappers.around(code, labels) if called_by_others and code else None,
        role=known,
    )


def _taker(made: Call, item: Any, labels: Labels) -> CoroutineTaker | None:
    """Return the function that took what *made* created to run it. Those of asyncio always do."""
    if made.to is None or made.passed or made.taker in AWAITING:
        return None
    from loopcheck.source.coroutines import coroutine_takers  # late: few pass it to a function

    return coroutine_takers.of(made, item, labels)


def _in_thread(coroutine: object) -> bool:
    return type(coroutine) is CoroutineType and not creating_calls.callers(coroutine)


def _passed_at(
    name: str, code: CodeType | None, made: Call, test: CodeType | None, labels: Labels
) -> Place | None:
    """Return the line that passes the user's function on, if *made* calls it by another name."""
    if code is None or made.name in (name, "") or made.returned:
        return None
    if project_files.owner(code.co_filename) != "user":
        return None
    at = callback_routes.passed_on(name, project_files.files(), test)
    if at is None or at == (made.file, made.line):
        return None
    return Place(labels.file(at[0]), at[1])


def awaited_as(coroutine: str, code: CodeType | None, file: str, line: int) -> str | None:
    """Return the code that awaits *coroutine* at *line*, if that has no plain call of it.

    A user's function that is no property is only passed on there.
    """
    name = coroutine.rpartition(".")[2]
    standing = [*parsed_files.standing_at(file, line)]
    called = [one.func for one in standing if isinstance(one, ast.Call)]
    users = code is not None and project_files.owner(code.co_filename) == "user"
    passed = users and code is not None and not creating_calls.is_property(code)
    for node in standing:
        if isinstance(node, ast.AsyncWith):
            entered = [one.context_expr for one in node.items]
            for one in entered:
                if isinstance(one, ast.Call) and last(one.func) == name:
                    return f"async with await {call_names.words(one)}"
        if passed or not isinstance(node, ast.Attribute):
            continue
        if node.attr == name and node not in called:
            return f"await {ast.unparse(node)}"  # a property
    return None


def _of_item(code: CodeType | None, name: str, item: Any, test: CodeType | None) -> Any:
    """Return why the coroutine is left to another mode: it is a mock's, a test's or a fixture's."""
    if name in MOCKS:
        return "mock"
    if code is None:
        return None
    if code is test:
        return "test"
    return "fixture" if any(one is code for one in fixtures.codes(item)) else None


def _called_by_name(code: CodeType, item: Any) -> bool:
    """Return whether *code* is a set-up or teardown of the class or module of *item*."""
    if code.co_name not in SET_UPS or project_files.owner(code.co_filename) != "user":
        return False
    cls, module = getattr(item, "cls", None), getattr(item, "module", None)
    owners = [*(cls.__mro__ if isinstance(cls, type) else ()), module]
    own = [getattr(one, "__dict__", {}).get(code.co_name) for one in owners]
    return any(user_code.function(one) is code for one in own)


def _of_a_test(code: CodeType | None, items: Iterable[Any]) -> bool:
    """Return whether *code* is that of any of the tests: one that nothing ran (LC303)."""
    return code is not None and any(
        user_code.function(vars(one).get("_obj")) is code for one in items
    )


def _in_generator(call: Call) -> bool:
    """Return whether *call* is in a generator expression: an `await` would break that."""
    return any(
        isinstance(one, ast.GeneratorExp)
        and any(
            isinstance(part, ast.Call) and last(part.func) == call.name
            for part in ast.walk(one.elt)
        )
        for one in parsed_files.standing_at(call.file, call.line)
    )


def _only_asked(call: Call) -> bool:
    """Return whether the name that *call* is assigned to is only ever tested for truth."""
    for function in parsed_files.enclosing(call.file, call.line)[:1]:
        parents = nodes.parents(function)
        every = (one for one in parents if isinstance(one, ast.Assign))
        given = [one for one in every if nodes.spans_line(one, call.line)]
        names = [target for one in given for target in one.targets]
        if len(names) == 1 and isinstance(name := names[0], ast.Name):
            uses = [one for one in parents if isinstance(one, ast.Name) and one.id == name.id]
            return all(one is name or _asks(one, parents) for one in uses)
    return False


def _asks(use: ast.AST, parents: dict[ast.AST, ast.AST]) -> bool:
    while isinstance(parents[use], ast.BoolOp):
        use = parents[use]
    around = parents[use]
    if isinstance(around, ast.If | ast.While | ast.IfExp | ast.Assert):
        return around.test is use
    negated = isinstance(around, ast.UnaryOp) and isinstance(around.op, ast.Not)
    return negated or isinstance(around, ast.Compare)


def _ran(call: Call, begun: Sequence[str] | None, labels: Labels) -> bool:
    """Return whether the test around *call*, if any, is one of those that began."""
    names = [one.name for one in parsed_files.enclosing(call.file, call.line)]
    tests = {name for name in names if name.startswith("test")}
    if begun is None or not tests:
        return True
    parts = [labels.node(one).split("::") for one in begun]
    file = (
        "cell" if project_files.is_cell(call.file) else labels.file(call.file)
    )  # ipytest's files have no number
    return any(one[0] == file and one[-1].partition("[")[0] in tests for one in parts)
