"""Which handler catches an error, and what its lines do then: read once for each line."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Sequence
from types import CodeType
from typing import Literal

from loopcheck.labels import plain
from loopcheck.source import parsed_files
from loopcheck.source.catching import handler_answers
from loopcheck.source.catching.handler_answers import ALLOWS, BROAD
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import body_spans_line, nodes_run_by, own_nodes, spans_line

OF_CANCEL = ("CancelledError", "BaseException", "object")  # the names of a cancellation's classes
Outcome = Literal["allows", "refuses", "goes on", "other"]
FAILS = frozenset({"fail", "skip", "exit", "abort", "xfail", "_exit", "reraise"})
LOGS = frozenset({"debug", "info", "warning", "error", "exception", "critical", "log", "print"})
DENIES = frozenset({"exceeded", "blocked", "limited", "banned", "denied", "throttled", "revoked"})


class Handler:
    """The handler that caught an error, and what its lines do with it."""

    __slots__ = ("around", "block", "broad", "looped", "node")

    def __init__(
        self,
        node: ast.ExceptHandler | ast.expr,  # or the `suppress(…)` of a `with`
        around: ast.stmt,  # the `try` or `with`
        block: ast.AST,  # the function
        broad: bool,
        looped: bool,
    ) -> None:
        self.node, self.around, self.block, self.broad = node, around, block, broad
        self.looped = looped


def taker(file: str, line: int, names: Sequence[str]) -> Handler | None:
    """Return the handler of an error of these *names* that is raised at *line* of *file*."""
    return _taker(parsed_files.text(file), line, frozenset(names))


def taker_alone(
    file: str, first: int, name: str, line: int, names: Iterable[str]
) -> Handler | None:
    """Return the same for the function *name* that begins in line *first*: only it is parsed."""
    block = parsed_files.alone(file, first, name)
    return _within(block, line, frozenset(names)) if block is not None else None


def lets_pass(code: CodeType, line: int, names: Sequence[str]) -> bool:
    """Return whether *code* catches all errors, these *names* among them, and then answers yes.

    If it never says yes without an error, the error is its question: `is_registered` tries it out.
    """
    text = parsed_files.text(code.co_filename)
    here = code.co_filename, code.co_firstlineno, code.co_name
    return _lets_pass(text, *here, line, frozenset(names), named=handler_answers.takes_all(code))


@parsed_files.kept(4096)
def _lets_pass(
    text: str, file: str, first: int, name: str, line: int, names: frozenset[str], *, named: bool
) -> bool:
    """Return the same. If no base class is *named*, only a bare `except:` catches all errors."""
    if not named and not re.search(r"\bexcept[\s\\]*:", text):
        return False
    handler = taker_alone(file, first, name, line, names)
    made = outcome(handler) if handler is not None and handler.broad else None
    if handler is None or made is None or made[0] != "allows":
        return False
    others = _other_answers(handler)
    return not others or any(_may_allow(one) for one in others)


def _other_answers(handler: Handler) -> list[ast.expr | None]:
    """Return what the function returns outside of *handler*."""
    body = handler.node.body if isinstance(handler.node, ast.ExceptHandler) else []
    inside = {id(node) for node in nodes_run_by(body)}
    returns = [one for one in own_nodes(handler.block) if isinstance(one, ast.Return)]
    return [one.value for one in returns if id(one) not in inside]


def _may_allow(value: ast.expr | None) -> bool:
    """Return whether *value* is no constant, or one that means yes."""
    known = value is None or isinstance(value, ast.Constant)
    return not known or _judged(value)[0] == "allows"


@parsed_files.kept(4096)
def _taker(text: str, line: int, names: frozenset[str]) -> Handler | None:
    """Return its handler, in the file with this *text*."""
    blocks = parsed_files.around(text, line)
    return _within(blocks[0], line, names) if blocks else None


def _within(block: Def, line: int, names: frozenset[str]) -> Handler | None:
    """Return its handler, in the function *block*."""
    around = list(path_to(block.body, line))
    for index in range(len(around) - 1, -1, -1):
        node = around[index]
        looped = any(isinstance(one, ast.For | ast.AsyncFor | ast.While) for one in around[:index])
        if isinstance(node, ast.Try | ast.TryStar):
            for handler in node.handlers:
                named = set(said(handler.type))
                if handler.type is None or named & names:
                    broad = handler.type is None or bool(named & BROAD)
                    return Handler(handler, node, block, broad, looped)
        elif isinstance(node, ast.With | ast.AsyncWith):
            for part in node.items:
                call = part.context_expr
                if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("suppress"):
                    named = {name for one in call.args for name in said(one)}
                    if named & names:
                        return Handler(call, node, block, bool(named & BROAD), looped)
    return None


def said(node: ast.expr | None) -> Iterator[str]:
    """Yield the last names of the classes that a handler names."""
    parts = node.elts if isinstance(node, ast.Tuple) else [node] if node is not None else []
    for part in parts:
        yield ast.unparse(part).rpartition(".")[2]


def words(handler: Handler) -> str:
    """Return the head of *handler* as the code writes it: "except ConnectionError"."""
    return head(handler.node)


def head(node: ast.ExceptHandler | ast.expr) -> str:
    """Return the same for the handler itself, or for the `suppress(…)` of a `with`."""
    if not isinstance(node, ast.ExceptHandler):
        return plain(ast.unparse(node))
    named = ast.unparse(node.type) if node.type is not None else ""
    return plain(f"except {named}".strip())


def passes_on(node: ast.ExceptHandler) -> bool:
    """Return whether *node* raises its error again, or another one, or ends the test."""
    return any(
        isinstance(one, ast.Raise)
        or (isinstance(one, ast.Call) and ast.unparse(one.func).rpartition(".")[2] in FAILS)
        for one in nodes_run_by(node.body)
    )


def keeps(node: ast.ExceptHandler) -> bool:
    """Return whether *node* does more with its error than to log it: other code may raise it."""
    nodes = [*nodes_run_by(node.body)]
    logs = [
        one
        for one in nodes
        if isinstance(one, ast.Call) and ast.unparse(one.func).rpartition(".")[2] in LOGS
    ]
    logged = {id(part) for one in logs for part in nodes_run_by([one])}
    uses = (one for one in nodes if isinstance(one, ast.Name) and one.id == node.name)
    return any(id(one) not in logged for one in uses)


@parsed_files.kept(4096)
def outcome(handler: Handler) -> tuple[Outcome, str | None] | None:
    """Return what the handler does with the error, None if it passes it on."""
    made = _outcome(handler)
    says_no = not DENIES.isdisjoint(getattr(handler.block, "name", "").split("_"))
    if says_no and made is not None and made[1] in ("False", "0"):
        return "allows", made[1]
    return made


def _outcome(handler: Handler) -> tuple[Outcome, str | None] | None:
    body = handler.node.body if isinstance(handler.node, ast.ExceptHandler) else []
    if isinstance(handler.node, ast.ExceptHandler) and passes_on(handler.node):
        return None
    nodes = [*nodes_run_by(body)]
    returned = next((node for node in nodes if isinstance(node, ast.Return)), None)
    if returned is not None:
        return _judged(returned.value)
    if handler.looped:
        return "other", None  # the code may retry
    given = {
        target.id: node.value
        for node in nodes
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    after = [
        node
        for node in own_nodes(handler.block)
        if isinstance(node, ast.Return) and node.lineno > (handler.around.end_lineno or 0)
    ]
    if after and isinstance(after[0].value, ast.Name):
        name = after[0].value.id
        before = [
            node.value
            for node in own_nodes(handler.block)
            if isinstance(node, ast.Assign)
            and node.lineno < handler.around.lineno
            and any(isinstance(one, ast.Name) and one.id == name for one in node.targets)
        ]
        if name in given or before:
            value = given.get(name, before[-1] if before else None)
            return _judged(value) if isinstance(value, ast.Constant) else ("goes on", None)
    if after and isinstance(after[0].value, ast.Constant):
        return _judged(after[0].value)
    compared = _compared(handler, given, after[0].value) if after else None
    return _judged(compared) if compared is not None else ("goes on", None)


def _compared(
    handler: Handler, given: dict[str, ast.expr], value: ast.expr | None
) -> ast.Constant | None:
    """Return the result of `verdict == "allow"`, if the handler sets a constant `verdict`."""
    match value:
        case ast.Compare(
            left=ast.Name(id=name),
            ops=[ast.Eq() | ast.NotEq() as how],
            comparators=[ast.Constant(value=wanted)],
        ):
            left = given[name] if name in given else _before(handler, name)
            if isinstance(left, ast.Constant):
                equal = left.value == wanted
                return ast.Constant(value=equal if isinstance(how, ast.Eq) else not equal)
    return None


def _before(handler: Handler, name: str) -> ast.expr | None:
    """Return what *name* was before the `try`, None if the `try` may have changed it."""
    said = [
        node
        for node in own_nodes(handler.block)
        if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Store)
    ]
    first = handler.around.lineno
    tried = [node for node in said if node.lineno >= first]
    last = handler.around.body[-1] if isinstance(handler.around, ast.Try) else handler.around
    simple = isinstance(last, ast.Assign | ast.AnnAssign)
    end = last.end_lineno or last.lineno
    if not all(simple and last.lineno <= node.lineno <= end for node in tried):
        return None
    values = [
        node.value
        for node in own_nodes(handler.block)
        if isinstance(node, ast.Assign) and node.lineno < first
        if any(isinstance(one, ast.Name) and one.id == name for one in node.targets)
    ]
    once = len(said) - len(tried) == 1
    return values[0] if once and values else None


def _judged(value: ast.expr | None) -> tuple[Outcome, str | None]:
    if isinstance(value, ast.Tuple) and value.elts:
        return _judged(value.elts[0])[0], None
    if isinstance(value, ast.Call) and any(map(_allows, value.keywords)):
        return "allows", None
    if isinstance(value, ast.Attribute) and value.attr.lower() in ALLOWS:
        return "allows", ast.unparse(value)
    if value is None or not isinstance(value, ast.Constant):
        return ("refuses", None) if value is None else ("other", None)
    said = value.value
    if said is True or (isinstance(said, str) and said.lower() in ALLOWS):
        return "allows", repr(said)
    return ("other" if said else "refuses"), repr(said)


def _allows(given: ast.keyword) -> bool:
    """Return whether it is the `allowed=True` of `Decision(allowed=True)`."""
    says = isinstance(given.value, ast.Constant) and given.value.value is True
    return says and str(given.arg).removeprefix("is_") in ALLOWS


def path_to(body: Iterable[ast.stmt], line: int) -> Iterator[ast.stmt]:
    """Yield the statements around *line*, outermost first; a block protects only its body."""
    for node in body:
        if not spans_line(node, line):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            continue
        if isinstance(node, ast.Try | ast.TryStar):
            if body_spans_line(node.body, line):
                yield node
            rest = [*node.orelse, *node.finalbody]
            for part in (node.body, rest, *(handler.body for handler in node.handlers)):
                yield from path_to(part, line)
            continue
        yield node
        for name in ("body", "orelse"):
            yield from path_to(getattr(node, name, []), line)
        for case in getattr(node, "cases", []):
            yield from path_to(case.body, line)
        return
