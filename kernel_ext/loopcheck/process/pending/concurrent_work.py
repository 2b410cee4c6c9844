"""Whether other user code could run beside a failing line: a task, or a call that starts one."""

from __future__ import annotations

import ast
import asyncio
import inspect
from collections.abc import Iterable, Iterator, Mapping
from types import CodeType, CoroutineType, FunctionType, TracebackType

from loopcheck.process import futures, objects
from loopcheck.process.frames import module_of, owner_of
from loopcheck.process.loops import live_loops
from loopcheck.process.loops.live_loops import Loop
from loopcheck.source import failing_line, parsed_files, project_files
from loopcheck.source.nodes import mentioned, nodes_of, spans_line

STARTS = frozenset(
    {
        *("create_task", "ensure_future", "start_soon", "run_coroutine_threadsafe"),
        *("call_soon", "call_soon_threadsafe", "call_later", "call_at", "run_in_executor"),
        *("add_reader", "add_writer", "add_signal_handler", "create_datagram_endpoint"),
        *("create_server", "create_unix_server", "start_server", "start_unix_server"),
        *("create_connection", "create_unix_connection", "connect_read_pipe"),
    }
)
MOST = 100  # functions to look into, by their text
WIDEST = 300  # names of a module or function
_ON_A_LOOP = inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
_DRIVERS = ("asyncio", "anyio")  # their blocks around a test change nothing in user code
Function = ast.FunctionDef | ast.AsyncFunctionDef


def anything(trace: list[TracebackType], loops: Iterable[Loop]) -> bool:
    """Return whether the failing lines ran on a loop, and other user code could run beside them.

    A finished task without a reference is gone: then the text shows what started it.
    """
    codes = [one.tb_frame.f_code for one in failing_line.users_of(trace)]
    if not any(code.co_flags & _ON_A_LOOP for code in codes):
        return False
    return _other_task(codes, loops) or any(_started(trace))


def in_threads(trace: list[TracebackType], loops: Iterable[Loop]) -> bool:
    """Return whether only functions in threads could run beside them, and nothing on a loop."""
    codes = [one.tb_frame.f_code for one in failing_line.users_of(trace)]
    started = set(_started(trace))
    return started == {"run_in_executor"} and not _other_task(codes, loops)


def runs_on(trace: list[TracebackType], step: ast.stmt) -> bool:
    """Return whether lines ran after the failure that may have restored what *step* reads."""
    for one, inner in zip(trace, [*trace[1:], None], strict=True):
        owner, module = owner_of(one.tb_frame), module_of(one.tb_frame)
        if module == "unittest.case":
            return True  # its tearDown and clean-ups have run
        if module == "unittest.mock" and _patched(inner, step):
            continue
        if one.tb_frame.f_code is asyncio.run.__code__:
            return True  # it has cancelled the remaining tasks
        if module.partition(".")[0] in _DRIVERS:
            continue
        if (owner != "machinery" or module == "unittest.mock") and _in_block(one, step):
            return True
    return False


def _in_block(one: TracebackType, step: ast.stmt) -> bool:
    block, line = _block(one), one.tb_lineno
    blocks = ast.Try | ast.TryStar | ast.With | ast.AsyncWith
    return block is None or any(
        isinstance(node, blocks) and spans_line(node, line)
        for node in nodes_of(ast.stmt, block)
        if not (
            isinstance(node, ast.With)
            and all(_patches_another(item.context_expr, step) for item in node.items)
        )
    )


def _patched(one: TracebackType | None, step: ast.stmt) -> bool:
    """Return whether the decorators of a function that `patch` calls patch nothing in *step*."""
    block = _block(one) if one is not None else None
    known = block.decorator_list if block is not None else []
    patches = [each for each in known if "patch" in ast.unparse(each)]
    return bool(patches) and all(_patches_another(each, step) for each in patches)


def _patches_another(call: ast.expr, step: ast.stmt) -> bool:
    """Return whether *call* is a `patch` of one name that *step* does not mention."""
    match call:
        case ast.Call(func=ast.Name(id="patch"), args=[ast.Constant(value=str(target)), *_]):
            name = target.rpartition(".")[2]
        case ast.Call(
            func=ast.Attribute(value=ast.Name(id="patch"), attr="object"),
            args=[_, ast.Constant(value=str(name)), *_],
        ):
            pass
        case _:
            return False
    return name not in mentioned(step)


def _block(one: TracebackType) -> Function | None:
    code = one.tb_frame.f_code
    return parsed_files.function_of(code)


def _other_task(codes: list[CodeType], loops: Iterable[Loop]) -> bool:
    """Return whether there is a task of user code, done or not, that is not a test."""
    mine = {id(loop) for loop in loops}
    tasks = (one for one in live_loops.every() if futures.is_task(one))
    coros = [futures.coroutine(t) for t in tasks if id(futures.loop(t)) in mine]
    found = [coro.cr_code for coro in coros if type(coro) is CoroutineType]
    others = [code for code in found if code not in codes and not code.co_name.startswith("test")]
    return any(project_files.owner(code.co_filename) == "user" for code in others)


# What the text shows


def _started(trace: list[TracebackType]) -> Iterator[str]:
    """Yield the calls by which the functions behind the failing lines start something."""
    users = failing_line.users_of(trace)
    spaces = [space for t in users for space in (t.tb_frame.f_globals, t.tb_frame.f_locals)]
    defined = _defined({file for space in spaces for file in _files(space)})
    todo = [block for one in users if (block := _block(one)) is not None]
    seen: set[int] = set()
    while todo and len(seen) < MOST:
        block = todo.pop()
        if id(block) in seen:
            continue
        seen.add(id(block))
        for name in _called(block):
            if name in STARTS:
                yield name
            todo += defined.get(name, [])


def _called(block: Function) -> Iterator[str]:
    """Yield the names that *block* calls, and those of its parameters: they may be fixtures."""
    for node in nodes_of((ast.arg, ast.Call), block):
        if isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node.func, ast.Name):
            yield node.func.id
        elif isinstance(node.func, ast.Attribute):
            yield node.func.attr


def _files(names: Mapping[str, object]) -> Iterator[str]:
    """Yield the user files that the names of a module or function lead to."""
    for thing in [*names.values()][:WIDEST]:
        file: object = None
        if type(thing) is FunctionType:
            file = thing.__code__.co_filename
        elif objects.is_module(thing):
            file = thing.__dict__.get("__file__")
        else:
            file = objects.users_class(thing if objects.is_a(thing, type) else type(thing))
        if type(file) is str and project_files.owner(file) == "user":
            yield file
    if type(own := names.get("__file__")) is str:
        yield own


def _defined(files: set[str]) -> dict[str, list[Function]]:
    """Return the functions of *files* by name; an `__init__` goes under its class's name."""
    found: dict[str, list[Function]] = {}
    for file in files:
        module = parsed_files.tree(file)
        for node in parsed_files.statements(module) if module is not None else ():
            if isinstance(node, Function):
                found.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.ClassDef):
                makers = [one for one in node.body if isinstance(one, Function)]
                makers = [one for one in makers if one.name in ("__init__", "__post_init__")]
                found.setdefault(node.name, []).extend(makers)
    return found
