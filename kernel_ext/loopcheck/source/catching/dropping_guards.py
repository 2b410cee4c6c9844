"""The lines that raise an expected error, and the first handler or manager that drops it.

We follow the calls of user functions from a block on. Nothing is run.
"""

from __future__ import annotations

import ast
import contextlib
from collections.abc import Iterable, Iterator
from types import CodeType, FunctionType

from loopcheck.light import dataclass
from loopcheck.process import objects, parameters
from loopcheck.source import calls, parsed_files, project_files
from loopcheck.source.catching import handlers
from loopcheck.source.nodes import has_node, names_in, nodes_run_by, own_nodes
from loopcheck.source.values import callees, meaning
from loopcheck.source.values.callees import Env

DEEPEST = 6  # calls between the block and the line that raises
FUNCTIONS = 60
_EXITS = {ast.With: "__exit__", ast.AsyncWith: "__aexit__"}


@dataclass(frozen=True, eq=False)
class Guard:
    """A handler or manager that drops an error. Lives only during a look."""

    code: CodeType
    node: ast.AST
    words: str
    exit: str = ""


@dataclass(frozen=True, eq=False)
class Raised:
    """A line that raises an expected error, and what it meets first. Lives only during a look."""

    kind: type
    code: CodeType
    line: int
    guard: Guard | None


def classes(found: object) -> list[type]:
    """Return the classes that *found* is, or holds as a tuple."""
    many = found if type(found) is tuple else (found,)
    return [one for one in many if objects.is_a(one, type)]


class Search:
    """Follows what a block runs to the lines that raise one of the *wanted* errors."""

    def __init__(self, wanted: tuple[type, ...]) -> None:
        self.wanted = wanted
        self.seen: set[tuple[int, int]] = set()

    def run(
        self,
        body: Iterable[ast.AST],
        code: CodeType,
        env: Env,
        guard: Guard | None = None,
        depth: int = 0,
    ) -> Iterator[Raised]:
        """Yield the lines of *body*, and of the user functions that it calls."""
        for node in body:
            if isinstance(node, ast.expr):  # may be a thousand nodes deep: no recursion
                for one in nodes_run_by([node]):
                    if isinstance(one, ast.Call):
                        yield from self._inside(one, env, guard, depth)
                continue
            if isinstance(node, ast.Raise):
                kind = self._kind(node, env)
                if kind is not None:
                    yield Raised(kind, code, node.lineno, guard)
            if isinstance(node, ast.Try):
                mine = self._handler(node, code, env) or guard
                yield from self.run(node.body, code, env, mine, depth)
                rest: list[ast.AST] = [*node.handlers, *node.orelse, *node.finalbody]
            elif isinstance(node, ast.With | ast.AsyncWith):
                yield from self.run(node.items, code, env, guard, depth)
                mine = next(filter(None, self._managers(node, code, env)), guard)
                yield from self.run(node.body, code, env, mine, depth)
                continue
            else:
                rest = [] if _is_scope(node) else [*ast.iter_child_nodes(node)]
            yield from self.run(rest, code, env, guard, depth)

    def _inside(
        self, call: ast.Call, env: Env, guard: Guard | None, depth: int
    ) -> Iterator[Raised]:
        inner = callees.inside(call, env) if depth < DEEPEST else None
        key = (id(inner[1]), id(guard.node) if guard is not None else 0) if inner else (0, 0)
        if inner is None or key in self.seen or len(self.seen) >= FUNCTIONS:
            return
        self.seen.add(key)
        names, code = inner
        yield from self.run(parsed_files.body_of(code), code, names, guard, depth + 1)

    def _kind(self, node: ast.Raise, env: Env) -> type | None:
        """Return the class of what *node* raises, if that is expected."""
        named = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
        kinds = classes(callees.value(named, env)) if named is not None else []
        return next((one for one in kinds if self._is_wanted(one)), None)

    def _is_wanted(self, kind: type) -> bool:
        return any(one in objects.mro(kind) for one in self.wanted)

    def _handler(self, node: ast.Try, code: CodeType, env: Env) -> Guard | None:
        """Return the handler of *node* that drops an expected error."""
        for one in node.handlers:
            if not self._catches(one.type, env):
                continue
            if handlers.passes_on(one) or handlers.keeps(one):
                return None
            return Guard(code, one, handlers.head(one))
        return None

    def _catches(self, named: ast.expr | None, env: Env) -> bool:
        if named is None:
            return True
        parts = named.elts if isinstance(named, ast.Tuple) else [named]
        kinds = [kind for part in parts for kind in classes(callees.value(part, env))]
        return any(kind in objects.mro(one) for kind in kinds for one in self.wanted)

    def _managers(
        self, node: ast.With | ast.AsyncWith, code: CodeType, env: Env
    ) -> Iterator[Guard | None]:
        """Yield what each manager of *node* does with an expected error, innermost first."""
        for item in reversed(node.items):
            made = item.context_expr
            target = callees.target(made.func, env) if isinstance(made, ast.Call) else None
            if target is contextlib.suppress and isinstance(made, ast.Call):
                if any(self._catches(one, env) for one in made.args):
                    yield Guard(code, made, handlers.head(made))
                continue
            kind = target if objects.is_a(target, type) else None
            if kind is None and not isinstance(made, ast.Call):
                held = callees.value(made, env)
                kind = type(held) if meaning.known(held) else None
            if kind is not None:
                yield _exit(kind, _EXITS[type(node)])
            elif target is not None and (function := objects.function_of(target)) is not None:
                yield self._generator(function)

    def _generator(self, function: FunctionType) -> Guard | None:
        """Return the handler around the `yield` of a function that is a manager."""
        code, env = function.__code__, meaning.in_call(function, {})
        block = parsed_files.function_of(code)
        for node in own_nodes(block) if block is not None else ():
            if isinstance(node, ast.Try) and has_node(ast.Yield, *node.body):
                return self._handler(node, code, env)
        return None


def _exit(kind: type, name: str) -> Guard | None:
    """Return the line at which the exit of a user's class gives back more than None or False."""
    function = objects.class_attribute(kind, name)
    if not callees.of_user(function) or type(function) is not FunctionType:
        return None
    code = function.__code__
    given = {*parameters.positional(code)[1:4]}
    block = parsed_files.function_of(code)
    for node in own_nodes(block) if block is not None else ():
        if not isinstance(node, ast.Return) or node.value is None:
            continue
        known = isinstance(node.value, ast.Constant) and not node.value.value
        about = names_in(node.value) & given
        if not known and not about and not _is_coroutine(node.value):
            return Guard(code, node, ast.unparse(node), code.co_qualname.rpartition("<locals>.")[2])
    return None


def _is_coroutine(value: ast.expr) -> bool:
    """Return whether *value* may be a coroutine that no code awaits: that is LC202's."""
    name = calls.last(value.func) if isinstance(value, ast.Call) else None
    made = f"async def {name}("
    return name is not None and any(made in parsed_files.text(one) for one in project_files.files())


def _is_scope(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
