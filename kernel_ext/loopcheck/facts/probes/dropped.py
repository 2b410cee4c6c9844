"""Coroutines that Python warned about: what they would have run, and the line that made them."""

import ast
import builtins
import inspect
import re
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from types import CodeType, CoroutineType, FunctionType
from typing import Any

from loopcheck.facts.labels import Labels
from loopcheck.facts.light import replace
from loopcheck.facts.probes import (
    calls,
    fixtures,
    handed_back,
    helpers_that_run,
    in_a_thread,
    origins,
    source,
    unraised,
    whose,
)
from loopcheck.facts.probes.calls import Call, last
from loopcheck.facts.records import NestedRun, NeverAwaited, Place

WORDS = re.compile(r"coroutine '(?P<name>[^']+)' was never awaited")
AmidALoop = Callable[[CodeType, str, int], bool]
MOCKS = ("AsyncMockMixin._execute_mock_call", "AsyncMockMixin._mock_call")
XUNIT = ("method", "class", "function", "module")
PYTEST = re.compile(r"/(_pytest|pluggy|pytest_asyncio)/")
# They call what they are given, and drop what that returns.
CALLERS = frozenset(
    {"callback", "call_later", "call_at", "call_soon", "call_soon_threadsafe", "add_done_callback"}
    | {"add_signal_handler", "add_reader", "add_writer", "register", "finalize", "Timer", "Thread"}
    | {"submit", "run_in_executor", "to_thread"}
)
# They await what they are given: only a double of theirs drops it.
AWAITING = frozenset({"wait_for", "shield", "gather"})
# They call, in another thread, what they are given.
IN_THREADS = frozenset({"to_thread", "run_in_executor", "submit", "Thread"})
RUN = r"^asyncio\.run$|(?i:runner)\.run$"  # refused only where a loop runs
# pytest and unittest call these by their names, and drop what they return.
SET_UPS = frozenset(
    {f"{when}_{of}" for when in ("setup", "teardown") for of in XUNIT}
    | {f"{when}{of}" for when in ("setUp", "tearDown") for of in ("", "Class", "Module")}
)
# Who is given a coroutine here and drops it was refused it, since no loop runs, or another does.
STARTERS = frozenset(
    {"run", "run_until_complete", "run_coroutine_threadsafe", "create_task", "ensure_future"}
)


def is_one(warned: Any) -> bool:
    """Return whether a recorded warning is about a coroutine that nobody awaited."""
    if warned.category is not RuntimeWarning:
        return False
    return WORDS.match(str(warned.message)) is not None


def read(
    warned: Any,
    item: Any,
    items: Iterable[Any],
    labels: Labels,
    *,
    late: bool = False,
    begun: Sequence[str] | None = None,
) -> NeverAwaited:
    """Return what *warned* tells; *item*, of the *items* of the run, made it: *late*, if before.

    *begun* has the node ids of the tests so far: no line of another one ran.
    """
    words = WORDS.match(str(warned.message))
    code = _code(warned)
    line = ("", 0) if late else (str(warned.filename), int(warned.lineno))
    said = record(words["name"] if words else "", code, line, item, labels, begun)
    if said.role is None and said.made_at is None and _of_a_test(code, items):
        return replace(said, role="another test")  # its frames were let go late, at any line
    if said.role is None and said.owner == "library" and _between_libraries(warned):
        return replace(said, role="library")
    made = _origin(warned.source) if said.role is None and said.made_at is None else None
    if made is None:
        return said
    at = Place(labels.file(made.file), made.line, made.name)
    plain = in_plain(made)
    return replace(said, made_at=at, made_by=made.function, in_plain=plain, kept=not made.alone)


def _between_libraries(warned: Any) -> bool:
    """Return whether it is of a driver that SQLAlchemy talks to, and no file of the user's names.

    SQLAlchemy lets go of what aiosqlite made for it, where it finds that nobody awaits it.
    """
    frame = warned.source.cr_frame if type(warned.source) is CoroutineType else None
    name = frame.f_globals.get("__name__") if frame is not None else None
    driver = _root(name) if type(name) is str else ""
    dialects = (one for one in list(sys.modules) if one.startswith("sqlalchemy.dialects."))
    if not driver or all(one.rpartition(".")[2] != driver for one in dialects):
        return False
    return not any(driver in _imported(one) for one in (*whose.files(), *source.cells()))


def _root(module: str | None) -> str:
    return (module or "").partition(".")[0]


def _imported(filename: str) -> Iterator[str]:
    """Yield the packages that *filename* imports from, in functions, too."""
    for node in source.statements(source.tree(filename) or ast.Module(body=[], type_ignores=[])):
        if isinstance(node, ast.Import):
            yield from (_root(one.name) for one in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield _root(node.module)


def _code(warned: Any) -> CodeType | None:
    return warned.source.cr_code if type(warned.source) is CoroutineType else None


def made_within(warned: Any, items: Iterable[Any]) -> frozenset[str]:
    """Return the node ids of the tests, of *items*, in whose body its function was defined."""
    code = _code(warned)
    around, inside, _ = code.co_qualname.partition(".<locals>.") if code is not None else ("",) * 3
    if code is None or not inside:
        return frozenset()
    defined, name = (code.co_filename, around), around.rpartition(".")[2]
    named = [one for one in items if vars(one).get("originalname") == name]
    tests = [(str(one.nodeid), code_of(vars(one).get("_obj"))) for one in named]
    return frozenset(
        nodeid for nodeid, of in tests if of and (of.co_filename, of.co_qualname) == defined
    )


def _origin(coroutine: Any) -> Call | None:
    """Return the call that made it, where Python was asked to keep that."""
    if type(coroutine) is not CoroutineType or not coroutine.cr_origin:
        return None
    callers = [("", file, line, function) for file, line, function in coroutine.cr_origin]
    return calls.handed_over(callers, coroutine.cr_code.co_name)


def refused(warned: Any, item: Any, labels: Labels, amid: AmidALoop) -> NestedRun | None:
    """Return the run that was to take what *warned* tells of: a handler has its error.

    *amid* says whether the coroutines that a line threw away died where a loop ran.
    """
    if type(warned.source) is not CoroutineType:
        return None
    code, line = warned.source.cr_code, (str(warned.filename), int(warned.lineno))
    found, nested = _made_by(code.co_name, code, line, item, ())
    if not nested or found is None:
        return None
    by_loop = not re.search(RUN, found.to or "")
    if by_loop and not (amid(code, *line) and _beside(code.co_name, line) and _asks_loop(found)):
        return None
    return NestedRun(
        call=f"loop.{helpers_that_run.UNTIL}" if by_loop else found.to or "",
        coroutine=code.co_name,
        called_at=Place(labels.file(found.file), found.line, found.function),
        synchronous=in_plain(found),
        in_a_thread=not by_loop and in_a_thread.can_call(found.file, found.line),
    )


def _beside(name: str, line: tuple[str, int]) -> bool:
    """Return whether the function of *line* calls *name* itself, and hands nothing to a thread."""
    file, number = line
    around = source.enclosing(file, number)[:1]
    named = {calls.last(one) for block in around for one in ast.walk(block)}  # `to_thread.run_sync`
    called = {one.name for one in calls.within(file) for block in around if _inside(one, block)}
    return name in called and named.isdisjoint(IN_THREADS)


def _asks_loop(start: Call) -> bool:
    """Return whether *start* is of the loop that runs, or of a new one: not closed."""
    for node in source.nodes_at(start.file, start.line):
        if not isinstance(node, ast.Call) or node.lineno != start.line:
            continue
        if calls.last(node.func) != helpers_that_run.UNTIL or ast.unparse(node.func) != start.to:
            continue
        if helpers_that_run.asked_for_a_loop(node.func):
            return True
        loop = getattr(node.func, "value", None)
        for function in source.enclosing(start.file, start.line)[:1]:
            if isinstance(loop, ast.Name):
                return helpers_that_run.loop_is_asked_for(function, loop.id)
    return False


def turned(error: BaseException, item: Any, labels: Labels) -> tuple[NeverAwaited, ...]:
    """Return the coroutines whose warnings the project's filters made errors of this test.

    Python cannot raise where a coroutine is thrown away: pytest keeps it, and fails the test.
    """
    warnings = [one for one in unraised.of(error) if type(one) is RuntimeWarning]
    return tuple(dict.fromkeys(made for one in warnings for made in _turned(one, item, labels)))


def _turned(said: RuntimeWarning, item: Any, labels: Labels) -> list[NeverAwaited]:
    words = WORDS.match(str(said.args[0] if said.args else ""))
    if words is None or words["name"] in MOCKS:
        return []
    name = words["name"].rpartition("<locals>.")[2]
    inside, directly = _where_thrown(said, item)
    open_ones = [one for one in inside if not (one.awaited or one.returned or one.named)]
    exact = [one for one in open_ones if one.name == name.rpartition(".")[2]]
    if any(one.taker in STARTERS for one in exact):
        return []
    # `store.set(…)` returns a coroutine of another name; one that a failed test held comes from
    # pytest, at any line of the next test, and one of the user's where garbage is collected
    alone = [one for one in open_ones if one.alone and directly and not _defined(name)]
    at = {(one.file, one.line): one for one in reversed(exact or alone)}
    if not exact and len(at) != 1:
        return []
    return [
        NeverAwaited(
            name=name,
            owner="user" if exact else "library",
            made_at=Place(labels.file(one.file), one.line, one.name or None),
            made_by=one.function,
            in_plain=in_plain(one),
        )
        for _, one in sorted(at.items())
    ]


def _defined(name: str) -> bool:
    """Return whether a coroutine function of the user's has that name: it needs no other."""
    head = f"async def {name.rpartition('.')[2]}("
    return any(head in source.text(file) for file in whose.files())


def in_plain(call: Call) -> bool:
    """Return whether *call* stands in a function that is not async: none can await there."""
    around = source.enclosing(call.file, call.line)
    return bool(around) and isinstance(around[0], ast.FunctionDef)


def _where_thrown(said: RuntimeWarning, item: Any) -> tuple[list[Call], bool]:
    """Return the calls of the user's function that threw it away, else of the test; and whether
    that function did so itself."""
    trace = BaseException.__dict__["__traceback__"].__get__(said)
    frame = first = trace.tb_frame.f_back if trace is not None else None  # below the warning's own
    while frame is not None and whose.owner(frame.f_code.co_filename) != "user":
        frame = frame.f_back
    codes = [frame.f_code if frame is not None else None, code_of(getattr(item, "obj", None))]
    for code in codes:
        files = _users((code.co_filename,)) if code is not None else ()
        calls_ = [one for file in files for one in calls.within(file)]
        if code and (found := [one for one in calls_ if one.function == code.co_name]):
            return found, frame is first
    return [], False


def record(
    name: str,
    code: CodeType | None,
    line: tuple[str, int],
    item: Any,
    labels: Labels,
    begun: Sequence[str] | None = None,
) -> NeverAwaited:
    """Return the coroutine *name*, dropped at or held by *line*."""
    test = code_of(getattr(item, "obj", None))
    known = _of_item(code, name, item, test)
    found = None
    if known is None and code is not None and _called_by_name(code, item):
        at = Place(labels.file(code.co_filename), fixtures.def_line(code), code.co_name)
        return NeverAwaited(name=name, owner="user", made_at=at, set_up=True)
    if known is None:
        short = code.co_name if code is not None else name.rpartition(".")[2]
        others = labels.cells if item is None else ()  # of a notebook, any cell may have made it
        found, nested = _made_by(short, code, line, item, others)
        if found is not None and not _ran(found, begun, labels):
            found = None
        known, found = ("nested run", None) if nested else (None, found)
        if found is None and known is None and PYTEST.search(line[0].replace("\\", "/")):
            known = "another test"  # one that failed: its frames are let go in a later one
    back = found is not None and found.returned
    return NeverAwaited(
        name=name.rpartition("<locals>.")[2],
        owner=whose.owner(code.co_filename) if code is not None else "library",
        made_at=Place(labels.file(found.file), found.line, found.name or None) if found else None,
        made_by=found.function if found else None,
        in_plain=found is not None and in_plain(found),
        caller=found.to if found and found.taker in CALLERS else None,
        double=found.to if found and found.onward and found.taker in AWAITING else None,
        kept=found is None or (found.named and not _only_asked(found)),
        handed_back_by=found.function if found and back else None,
        used_at=Place(labels.file(line[0]), line[1]) if back and line[0] else None,
        in_generator=_in_generator(found) if found else False,
        role=known,
    )


def _starts(call: Call) -> bool:
    return call.taker in STARTERS or helpers_that_run.start_in(call) is not None


def _in_generator(call: Call) -> bool:
    """Return whether *call* stands in a generator expression: an `await` spoils that."""
    return any(
        isinstance(one, ast.GeneratorExp)
        and any(
            isinstance(part, ast.Call) and last(part.func) == call.name
            for part in ast.walk(one.elt)
        )
        for one in source.standing_at(call.file, call.line)
    )


def _only_asked(call: Call) -> bool:
    """Return whether the name that is given to *call* is only asked whether it is true."""
    for function in source.enclosing(call.file, call.line)[:1]:
        parents = {one: node for node in ast.walk(function) for one in ast.iter_child_nodes(node)}
        given = [one for one in parents if isinstance(one, ast.Assign) and one.lineno == call.line]
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


def _of_item(code: CodeType | None, name: str, item: Any, test: CodeType | None) -> Any:
    """Return why the coroutine is another mode's business: a mock's, a test's or a fixture's."""
    if name in MOCKS:
        return "mock"
    if code is None:
        return None
    if code is test:
        return "test"
    makers = (getattr(one, "func", None) for one in fixtures.definitions(item).values())
    return "fixture" if any(code_of(maker) is code for maker in makers) else None


def _called_by_name(code: CodeType, item: Any) -> bool:
    """Return whether *code* is a set-up or tear-down of the class or module of *item*."""
    if code.co_name not in SET_UPS or whose.owner(code.co_filename) != "user":
        return False
    cls, module = getattr(item, "cls", None), getattr(item, "module", None)
    owners = [*(cls.__mro__ if isinstance(cls, type) else ()), module]
    own = [getattr(one, "__dict__", {}).get(code.co_name) for one in owners]
    return any(code_of(one) is code for one in own)


def _of_a_test(code: CodeType | None, items: Iterable[Any]) -> bool:
    """Return whether *code* is that of any of the tests: one that nobody ran (LC303)."""
    return code is not None and any(code_of(vars(one).get("_obj")) is code for one in items)


def code_of(function: Any) -> CodeType | None:
    """Return the code of a function of the user's, below its decorators."""
    function = getattr(function, "__func__", function)
    if type(function) is not FunctionType:
        return None
    found: Any = getattr(inspect.unwrap(function), "__code__", None)
    return found if isinstance(found, CodeType) else None


def _made_by(
    name: str,
    code: CodeType | None,
    line: tuple[str, int],
    item: Any,
    others: Iterable[str],
) -> tuple[Call | None, bool]:
    """Return the call that made it, where only one can be meant; whether a nested run took it."""
    dropped_in, number = line
    here = _users((dropped_in,))
    at_drop = [one for f in here for one in calls.within(f) if one.line <= number <= one.end]
    exact = [one for one in at_drop if one.name == name and not one.awaited and not one.returned]
    if taken := [one for one in exact if one.taker in STARTERS]:
        return _only(taken), True
    if len(exact) == 1 and (start := helpers_that_run.start_in(exact[0])) is not None:
        return start, True
    if exact:
        return _only(exact), False
    mine = code is not None and whose.owner(code.co_filename) == "user"
    if not mine:  # `store.set(…)` returns a coroutine of another name
        if _in_runners(dropped_in):
            return None, True
        alone = [one for one in at_drop if one.alone or one.operand]
        return _only(alone), False
    test = code_of(getattr(item, "obj", None))
    makers = [code_of(getattr(one, "func", None)) for one in fixtures.definitions(item).values()]
    known = [one for one in (test, code, *makers) if one is not None]
    files = _users((dropped_in, *(one.co_filename for one in known), *others))
    every = [*files, *whose.files()]
    bare = [one for one in at_drop if one.alone]
    if here and (back := _handed_back(name, line, bare, every)):
        return _only(back), False
    if code is not None and (wrapped := handed_back.by_decorator(code, every)):
        return _only(wrapped), False
    found = [one for one in calls.calls(files, name) if not one.awaited and not one.returned]
    found = [one for one in found if not _over_before(one, line)]
    around = source.enclosing(dropped_in, number) if here else []
    near = [one for one in found if around and one.file == dropped_in and _inside(one, around[0])]
    if found and all(map(_starts, near or found)):
        starts = [helpers_that_run.start_in(one) or one for one in near or found]
        return _only(starts), True
    found, near = ([one for one in many if not _starts(one)] for many in (found, near))
    own = [one for one in found if test is not None and _in(one, test)]
    given = [one for one in found if any(_in(one, maker) for maker in makers if maker is not None)]
    if not found and (start := _start_of_any(every)) is not None:
        return start, True
    if not found:  # it was made under another name, or by what it was handed to
        return _only(calls.given(files, name, CALLERS)) or _only(bare), False
    if handed_back.anywhere(name, every):  # what awaited that may have had a name, and dropped it
        found = []
    return _only(near or own or given or found), False


def _over_before(call: Call, line: tuple[str, int]) -> bool:
    """Return whether *line* handles what *call* raised: a coroutine of its own had died by then.

    The error keeps the frames that it came through, and what those hold: it was made in one.
    """
    if call.file != line[0] or call.named or call.taker in STARTERS:
        return False
    if call.taker is not None and not hasattr(builtins, call.taker):
        return False  # that one may have it
    around = source.enclosing(call.file, call.line)[:1]
    tries = [one for block in around for one in ast.walk(block) if isinstance(one, ast.Try)]
    return any(
        one.lineno <= call.line < handler.lineno <= line[1] <= (handler.end_lineno or 0)
        and call.line <= (one.body[-1].end_lineno or 0)
        for one in tries
        for handler in one.handlers
    )


def _start_of_any(files: Iterable[str]) -> Call | None:
    """Return the one call that starts a loop for whatever a function is asked for by a name.

    `loop.run_until_complete(target(*args))`, say, where `target` comes with each call.
    """
    found = [
        one
        for file in dict.fromkeys(_users(files))
        if helpers_that_run.UNTIL in source.text(file)
        for one in calls.within(file)
        if one.taker == helpers_that_run.UNTIL and _is_given(one)
    ]
    return _only(found)


def _is_given(call: Call) -> bool:
    """Return whether what is called there has no name of its own, but one that is filled in."""
    blocks = source.enclosing(call.file, call.line)
    spec = [one.args for one in blocks]
    names = {arg.arg for one in spec for arg in (*one.posonlyargs, *one.args, *one.kwonlyargs)}
    made = [value for block in blocks for value in origins.given(block, call.name)]
    return call.name in names or any(
        isinstance(one, ast.Call) and calls.last(one.func) == "getattr" for one in made
    )


def _handed_back(
    name: str, line: tuple[str, int], bare: list[Call], files: Iterable[str]
) -> list[Call]:
    """Return the calls that handed it back to *line*, or the *bare* ones that should be awaited."""
    found = handed_back.by_awaited(name, line, files)
    return found or handed_back.by_called(name, bare, files)


def _ran(call: Call, begun: Sequence[str] | None, labels: Labels) -> bool:
    """Return whether the test that *call* stands in, if any, is one of those that began."""
    names = [one.name for one in source.enclosing(call.file, call.line)]
    tests = {name for name in names if name.startswith("test")}
    if begun is None or not tests:
        return True
    parts = [labels.node(one).split("::") for one in begun]
    file = "cell" if whose.is_cell(call.file) else labels.file(call.file)  # ipytest has no number
    return any(one[0] == file and one[-1].partition("[")[0] in tests for one in parts)


def _in_runners(filename: str) -> bool:
    """Return whether it was dropped where asyncio refused to run it (LC103)."""
    return filename.replace("\\", "/").endswith("asyncio/runners.py")


def _in(one: Call, test: CodeType) -> bool:
    return one.function == test.co_name and one.file == test.co_filename


def _inside(one: Call, block: ast.AST) -> bool:
    return getattr(block, "lineno", 0) <= one.line <= (getattr(block, "end_lineno", 0) or 0)


def _only(found: list[Call]) -> Call | None:
    return found[0] if len({(one.file, one.line) for one in found}) == 1 else None


def _users(files: Iterable[str]) -> list[str]:
    return [file for file in dict.fromkeys(files) if whose.owner(file) == "user"]
