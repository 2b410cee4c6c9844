"""Where the project calls what ends a wait: `event.set()`, `queue.put_nowait(x)`.

A line counts if it calls the method or passes it on: `Timer(1, event.set)`. What
`loop.call_soon_threadsafe` gets does not count: it runs on the loop, and wakes it.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterator
from functools import cache

from loopcheck.light import dataclass
from loopcheck.source import calls, parsed_files, project_files
from loopcheck.source.coroutines import thread_functions
from loopcheck.source.nodes import nodes_of, parents

# They call one of their arguments on the loop.
ON_LOOP = frozenset(
    {"call_soon_threadsafe", "run_coroutine_threadsafe", "call_soon", "call_later", "call_at"}
    | {"add_reader", "add_writer", "add_signal_handler", "from_thread"}
)
_BARE = frozenset({"set", "release", "task_done", "set_event"})  # other classes' take an argument
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class WakingCall:
    """A use of a method that ends a wait."""

    file: str
    line: int
    function: str  # around it: "Inbox.push" is "push"; "" for a module's own lines
    text: str  # "self.items.put_nowait"
    name: str | None  # of the object: "items"; None if it has none there
    method: str
    given: str | None  # the arguments; None: it is passed on, and something else calls it
    on_loop: bool  # a coroutine function's line
    in_thread: bool  # the project runs that function in a thread


def of(methods: Collection[str]) -> Iterator[WakingCall]:
    """Yield the uses of *methods* in the project's files."""
    in_threads = cache(thread_functions.names)  # of a large project, these take half a second
    for file in dict.fromkeys(project_files.files()):
        text = parsed_files.text(file)
        if any(one in text for one in methods):
            tree = parsed_files.tree(file)
            if tree is not None:
                yield from _in_tree(file, tree, methods, in_threads)


def _in_tree(
    file: str, tree: ast.Module, methods: Collection[str], in_threads: Callable[[], frozenset[str]]
) -> Iterator[WakingCall]:
    around = parents(tree)
    passed_on = _run_on_loop(tree)
    for node in nodes_of(ast.Attribute, tree):
        if node.attr not in methods or not isinstance(node.ctx, ast.Load):
            continue
        parent = around[node]
        called = isinstance(parent, ast.Call) and parent.func is node
        handed = _takers(node, around)
        if called and isinstance(parent, ast.Call):
            given = ", ".join(map(ast.unparse, (*parent.args, *parent.keywords)))
            if given and node.attr in _BARE:
                continue
        elif handed:
            given = None
        else:
            continue
        if any(calls.last(one.func) in ON_LOOP for one in handed):
            continue
        outer = _outwards(node, around)
        function = next((one for one in outer if isinstance(one, _FUNCTIONS)), None)
        name = getattr(function, "name", "<lambda>") if function is not None else ""
        if name in passed_on:
            continue
        by_taker = any(map(thread_functions.takes_function, handed))
        yield WakingCall(
            file=file,
            line=node.end_lineno or node.lineno,
            function=name,
            text=ast.unparse(node),
            name=calls.last(node.value),
            method=node.attr,
            given=given,
            on_loop=isinstance(function, ast.AsyncFunctionDef) and not by_taker,
            in_thread=by_taker or name in in_threads(),
        )


def _outwards(node: ast.AST, around: dict[ast.AST, ast.AST]) -> Iterator[ast.AST]:
    while (outer := around.get(node)) is not None:
        yield outer
        node = outer


def _takers(node: ast.AST, around: dict[ast.AST, ast.AST]) -> list[ast.Call]:
    """Return the calls that get *node*, or a lambda around it, as an argument."""
    found: list[ast.Call] = []
    inner = node
    for one in _outwards(node, around):
        if isinstance(one, ast.Call) and inner is not one.func:
            found.append(one)
        elif isinstance(one, ast.stmt):
            break
        inner = one
    return found


def _run_on_loop(tree: ast.Module) -> frozenset[str]:
    """Return the names of the functions that are passed to the loop, which calls them."""
    return frozenset(
        name
        for call in nodes_of(ast.Call, tree)
        if calls.last(call.func) in ON_LOOP
        for given in call.args
        if (name := calls.last(given)) is not None
    )
