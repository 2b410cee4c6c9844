"""A function of the user's that starts a loop for the coroutine it is given, before anything else.

Read from the syntax: that it was called is known, and so is then that its loop was to start.
"""

import ast
from collections.abc import Iterator

from loopcheck.facts.probes import source, whose
from loopcheck.facts.probes.calls import Call, last

STARTS = ("asyncio.run",)


def start_in(call: Call) -> Call | None:
    """Return where the function that takes *call* starts a loop with it, None if it may not."""
    found = list(_defined(call.taker)) if call.taker is not None else []
    if len(found) != 1:
        return None
    file, function = found[0]
    given = _only_parameter(function)
    start = _first_start(function) if given is not None else None
    match start.args if start is not None else []:
        case [ast.Name(id=name), *_] if start is not None and name == given:
            end = start.end_lineno or start.lineno
            said = ast.unparse(start.func)
            return Call(file, start.lineno, end, call.name, function.name, to=said)
    return None


def _defined(name: str) -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for file in dict.fromkeys(whose.files()):
        tree = source.tree(file) if f"def {name}(" in source.text(file) else None
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
                yield file, node


def _only_parameter(function: ast.FunctionDef | ast.AsyncFunctionDef) -> str | None:
    """Return the one that a caller has to give."""
    plain = isinstance(function, ast.FunctionDef) and not function.decorator_list
    spec = function.args
    named = [one.arg for one in (*spec.posonlyargs, *spec.args)]
    wanted = [one for one in named[: len(named) - len(spec.defaults)] if one != "self"]
    return wanted[0] if plain and len(wanted) == 1 else None


def _first_start(function: ast.AST) -> ast.Call | None:
    """Return the call that starts a loop, if nothing before it can go wrong or end the function."""
    body, runner = _after_docstring(getattr(function, "body", [])), None
    match body:
        case [
            ast.With(
                items=[ast.withitem(context_expr=ast.Call(args=[]) as made, optional_vars=name)],
                body=inner,
            )
        ]:
            if last(made.func) != "Runner" or not isinstance(name, ast.Name):
                return None
            runner, body = name.id, inner
    match body:
        case [
            ast.Return(value=ast.Call() as call)
            | ast.Expr(value=ast.Call() as call)
            | ast.Assign(value=ast.Call() as call),
            *_,
        ]:
            starts = (f"{runner}.run",) if runner is not None else STARTS
            return call if ast.unparse(call.func) in starts else None
    return None


def _after_docstring(body: list[ast.stmt]) -> list[ast.stmt]:
    match body:
        case [ast.Expr(value=ast.Constant(value=str())), *rest]:
            return rest
    return body
