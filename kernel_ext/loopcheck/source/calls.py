"""Where user code calls a function of a certain name, and what it does with the result."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import takewhile

from loopcheck.light import dataclass
from loopcheck.source import parsed_files, project_files
from loopcheck.source.nodes import inner_nodes, spans_line

# They run their argument in another thread, by the last part of their names.
TO_EXECUTORS = frozenset({"submit", "run_in_executor", "to_thread"})
TO_THREADS = TO_EXECUTORS | {"run_in_threadpool", "Thread", "Timer"}
MAYBE_TO_THREADS = TO_THREADS | {"run_sync"}  # anyio's, or a project's that runs a coroutine
MAPS = frozenset({"map", "starmap", "imap", "imap_unordered"})  # of a pool; Python's own runs here
MOST = 200_000  # nodes to look at in one file
_PASSES_ON = (ast.keyword, ast.Starred, ast.List, ast.Tuple, ast.Set, ast.IfExp)
_LOOPS = (ast.ListComp, ast.GeneratorExp, ast.SetComp)


Callers = Sequence[tuple[str, str, int, str]]  # module, file, line, function; innermost first


@dataclass(frozen=True)
class Call:
    """One call, and whether its statement awaits, returns or passes on the result."""

    file: str
    line: int
    end: int
    name: str  # the last part: "get" of `store.get("a")`; `handlers[kind]()` has none
    function: str | None  # the innermost function around it
    awaited: bool = False
    returned: bool = False
    to: str | None = None  # the call that receives it as an argument: "asyncio.create_task"
    onward: bool = False  # that call is awaited
    alone: bool = False  # a statement of its own
    operand: bool = False  # it is in an `assert`, or assigned to a name
    named: bool = False  # its result itself is assigned to a name
    passed: bool = False  # no call of it: `to` gets the function, and calls it

    @property
    def taker(self) -> str | None:
        """Return the last part of the call that receives it: "create_task"."""
        return self.to.rpartition(".")[2] if self.to else None


def calls(files: Iterable[str], name: str) -> list[Call]:
    """Return the calls of *name* in *files*, in order."""
    return [one for file in _naming(name, files) for one in within(file, name)]


def _naming(name: str, files: Iterable[str]) -> Iterator[str]:
    """Yield the *files* whose text has the word *name*, in order: parsing the others takes long."""
    return (file for file in sorted(set(files)) if parsed_files.has_word(file, name))


def awaits_any(file: str, names: Collection[str]) -> bool:
    """Return whether a line of *file* awaits one of *names* or passes it to what it awaits.

    They are as the text has them: "self.order". `await self.order.wait()` awaits something else.
    """
    tree = parsed_files.tree(file)
    waits = (one for one in ast.walk(tree) if isinstance(one, ast.Await)) if tree else ()
    parts = [part for one in waits for part in ast.walk(one.value)]
    owners = {id(one.value) for one in parts if isinstance(one, ast.Attribute)}
    return any(ast.unparse(one) in names for one in parts if id(one) not in owners)


def awaits_parts_of(file: str, tables: Collection[str]) -> bool:
    """Return whether *file* goes through one of *tables*, or has it in what it awaits.

    `gather(*self.orders.values())` and `await self.orders[name]` await what another key got.
    """
    tree = parsed_files.tree(file) if tables else None
    parts = [
        one.value if isinstance(one, ast.Await) else one.iter
        for one in (ast.walk(tree) if tree else ())
        if isinstance(one, ast.Await | ast.For | ast.comprehension)
    ]
    return any(
        isinstance(one, ast.Name | ast.Attribute) and ast.unparse(one) in tables
        for part in parts
        for one in ast.walk(part)
    )


def given(files: Iterable[str], name: str, takers: frozenset[str]) -> list[Call]:
    """Return where *name* itself is passed to one of *takers*, so that the taker calls it."""
    found = []
    for file in _naming(name, files):
        for site in sites(file):
            if last(site.node.func) not in takers:
                continue
            for one in (*site.node.args, *(keyword.value for keyword in site.node.keywords)):
                if last(one) == name:
                    around = parsed_files.enclosing(file, one.lineno)
                    function = around[0].name if around else None
                    to = ast.unparse(site.node.func)
                    line = one.lineno
                    found.append(Call(file, line, line, name, function, to=to, passed=True))
    return found


def handed_over(callers: Callers, name: str) -> Call | None:
    """Return the user's line of *callers* that created coroutine *name*, else their innermost."""
    if (made := _named_at(callers, name)) is not None:
        return made
    users = [one for one in callers if project_files.owner(one[1], one[0]) == "user"]
    if not users:
        return None
    _, file, line, function = users[0]
    return Call(file, line, line, name, function)


def started(callers: Callers, name: str) -> Call | None:
    """Return the user's line of *callers* that chose to start coroutine *name*.

    A helper that starts its argument is skipped: its caller made the choice.
    """
    if (made := _named_at(callers, name)) is not None:
        return made
    inner = ("create_task", *(one[3] for one in callers))
    users = [
        (one, called)
        for one, called in zip(callers, inner, strict=False)
        if project_files.owner(one[1], one[0]) == "user"
    ]
    chose = [one for one, called in users if not _hands_on(one[1], one[2], called)]
    # If all of them only pass it on, the outermost is the nearest to the choice.
    return handed_over(chose or [one for one, _ in users[-1:]], name)


def _named_at(callers: Callers, name: str) -> Call | None:
    """Return the call of *name* on the innermost user line of *callers* that has one."""
    for module, file, line, _ in callers:
        if project_files.owner(file, module) == "user":
            for call in at(file, line):
                if call.name == name:
                    return call
    return None


def at(file: str, line: int) -> list[Call]:
    """Return the calls of *file* that *line* is part of."""
    return [of_site(file, one) for one in sites_at(file, line)]


def sites_at(file: str, line: int) -> list[Site]:
    """Return the same calls as their syntax trees have them."""
    return [one for one in sites(file) if spans_line(one.node, line)]


def _hands_on(file: str, line: int, called: str) -> bool:
    """Return whether *called* receives a parameter there, or the result of calling one."""
    around = parsed_files.enclosing(file, line)
    given = [one.args for one in around]
    names = {
        arg.arg
        for one in given
        for arg in (*one.posonlyargs, *one.args, *one.kwonlyargs, one.vararg)
        if arg is not None
    }
    for node in ast.walk(around[0]) if around else ():
        if isinstance(node, ast.Call) and last(node.func) == called:
            for one in node.args if spans_line(node, line) else ():
                inner = one.value if isinstance(one, ast.Starred) else one
                inner = inner.elt if isinstance(inner, _LOOPS) else inner
                made = inner.func if isinstance(inner, ast.Call) else inner
                if isinstance(made, ast.Name) and made.id in names:
                    return True
    return False


def within(filename: str, name: str | None = None) -> tuple[Call, ...]:
    """Return the calls of a file: all, or those of *name*."""
    found = sites(filename)
    return tuple(of_site(filename, one) for one in found if name is None or one.name == name)


class Site:
    """A call in a syntax tree, before anything is worked out: most of a file are of no interest."""

    __slots__ = ("above", "function", "name", "node")

    def __init__(
        self, node: ast.Call, name: str, above: tuple[ast.AST, ...], function: str | None
    ) -> None:
        self.node, self.name = node, name
        self.above = above  # what it is part of, from its statement on, outermost first
        self.function = function


def sites(filename: str) -> tuple[Site, ...]:
    """Return all calls of a file, as its syntax tree has them."""
    text = parsed_files.text(filename)
    return _read(text) if text else ()


@parsed_files.kept(64)
def _read(text: str) -> tuple[Site, ...]:
    tree = parsed_files.parse(text)
    return tuple(_walk(tree)) if tree else ()


def _walk(tree: ast.Module) -> Iterator[Site]:
    stack: list[tuple[ast.AST, tuple[ast.AST, ...], str | None]] = [(tree, (), None)]
    looked_at = 0
    while stack and looked_at < MOST:
        looked_at += 1
        node, above, function = stack.pop()
        if isinstance(node, ast.Call):
            yield Site(node, _called(node.func), above, function)
        within = () if isinstance(node, ast.stmt) and hasattr(node, "body") else above
        inside, around = function, []
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            inside, around = node.name, node.decorator_list
        within = (*within, node)
        for child in inner_nodes(node):
            stack.append((child, within, function if child in around else inside))


def _called(function: ast.AST) -> str:
    """Return the name of what is called, also of `getattr(one, "start")()`."""
    match function:
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Constant(value=str(name)), *_]):
            return name
    return last(function) or ""


def last(function: ast.AST | None) -> str | None:
    """Return the last part of a name or of a called name: "get" of `store.get`."""
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else None


def by_parameter(call: ast.Call, names: Sequence[str]) -> dict[str, ast.expr]:
    """Return what *call* passes for each parameter: *names* are those that have a place.

    What follows a `*rows` has no known place.
    """
    placed = takewhile(lambda one: not isinstance(one, ast.Starred), call.args)
    named = {one.arg: one.value for one in call.keywords if one.arg is not None}
    return {**dict(zip(names, placed, strict=False)), **named}


def has_inner_call(call: ast.Call) -> bool:
    """Return whether another call is among the arguments of *call*: `register(job())`."""
    given = (node for one in (*call.args, *call.keywords) for node in ast.walk(one))
    return any(isinstance(node, ast.Call) for node in given)


def of_site(filename: str, site: Site) -> Call:
    """Return what the statement around *site* does with its result."""
    node, above = site.node, site.above
    outer, inner, around = _user(site)
    to, onward = None, False
    if isinstance(outer, ast.Call) and inner is not outer.func:
        to, onward = ast.unparse(outer.func), isinstance(around, ast.Await)
    return Call(
        file=filename,
        line=node.lineno,
        end=node.end_lineno or node.lineno,
        name=site.name,
        function=site.function,
        awaited=isinstance(outer, ast.Await | ast.AsyncWith | ast.AsyncFor | ast.withitem),
        returned=isinstance(outer, ast.Return | ast.Lambda | ast.Yield),
        to=to,
        onward=onward,
        alone=isinstance(outer, ast.Expr),
        named=isinstance(outer, ast.Assign | ast.AnnAssign | ast.NamedExpr),
        operand=to is None
        and any(isinstance(one, ast.Assert | ast.Assign) for one in above)
        and not isinstance(outer, ast.Await),
    )


def receiver(site: Site) -> tuple[ast.Call, ast.AST] | None:
    """Return the call that gets the result of *site* as an argument, and that argument."""
    outer, inner, _ = _user(site)
    return (outer, inner) if isinstance(outer, ast.Call) and inner is not outer.func else None


def _user(site: Site) -> tuple[ast.AST | None, ast.AST, ast.AST | None]:
    """Return what uses the result of *site*, the part of that with it, and what is around it."""
    outer: ast.AST | None = None
    inner: ast.AST = site.node
    for at in range(len(site.above) - 1, -1, -1):
        outer = site.above[at]
        is_argument = isinstance(outer, ast.Call) and inner is not outer.func
        if is_argument or not isinstance(outer, _PASSES_ON + _LOOPS):
            return outer, inner, site.above[at - 1] if at else None
        inner = outer
    return outer, inner, None


def in_plain(call: Call) -> bool:
    """Return whether *call* is in a function that is not async, which cannot await."""
    around = parsed_files.enclosing(call.file, call.line)
    return bool(around) and isinstance(around[0], ast.FunctionDef)
