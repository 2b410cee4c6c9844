"""The call that at last calls a function which others only pass on, or keep in an attribute.

`Debounce(0.1, self.save)` keeps `self.save` as `self.action`, and `call_later(0.1, self.action)`
calls it: that line, not the first one, decides whether somebody awaits the result.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Sequence

from loopcheck.source import bindings, calls, parsed_files
from loopcheck.source.bindings import Function
from loopcheck.source.calls import Call
from loopcheck.source.nodes import calls_in
from loopcheck.source.values import object_owners

ROUNDS = 4  # functions and objects that pass it on


def taken(name: str, files: Iterable[str], takers: Collection[str]) -> list[Call]:
    """Return the calls of *takers* that get the function *name* through others."""
    users = list(dict.fromkeys(files))
    return list(dict.fromkeys(_routes(name, None, users, frozenset(takers), ROUNDS)))


def _routes(
    name: str, within: ast.AST | None, files: Sequence[str], takers: frozenset[str], rounds: int
) -> Iterator[Call]:
    """Yield the calls of *takers* that get *name*, only those *within* a function or class."""
    for file in files if rounds else ():
        tree = parsed_files.tree(file) if name in parsed_files.text(file) else None
        nodes = set(ast.walk(within)) if within is not None else None
        for call in calls_in(tree):
            if nodes is not None and call not in nodes:
                continue
            for number, (word, given) in enumerate(_arguments(call)):
                if isinstance(given, ast.Call) or calls.last(given) != name:
                    continue
                if calls.last(call.func) in takers:
                    yield _call(file, call, name)
                    continue
                for inside, known in _receivers(file, call, number, word, files):
                    yield from _routes(known, inside, files, takers, rounds - 1)


def _arguments(call: ast.Call) -> list[tuple[str | None, ast.expr]]:
    return [*((None, one) for one in call.args), *((one.arg, one.value) for one in call.keywords)]


def _receivers(
    file: str, call: ast.Call, number: int, word: str | None, files: Sequence[str]
) -> Iterator[tuple[ast.AST, str]]:
    """Yield the function or class that gets an argument of *call*, and its name for that."""
    if object_owners.makes_instance(call):
        around = next(iter(parsed_files.enclosing(file, call.lineno)), None)
        kept = object_owners.attribute_of(file, around, call, number, word)
        if kept is not None:
            yield kept
        return
    called = calls.last(call.func)
    for each in files:
        tree = parsed_files.tree(each) if f"def {called}(" in parsed_files.text(each) else None
        for node in ast.walk(tree) if tree is not None else ():
            if isinstance(node, Function) and node.name == called:
                parameter = _parameter(each, node, number, word)
                if parameter is not None:
                    yield node, parameter


def _parameter(file: str, function: Function, number: int, word: str | None) -> str | None:
    spec = function.args
    places = [one.arg for one in (*spec.posonlyargs, *spec.args)]
    places = places[1:] if parsed_files.class_of(file, function) is not None else places
    name = word or (places[number] if number < len(places) else None)
    return name if name in bindings.parameters(function) else None


def _call(file: str, node: ast.Call, name: str) -> Call:
    around = parsed_files.enclosing(file, node.lineno)
    function = around[0].name if around else None
    line, end = node.lineno, node.end_lineno or node.lineno
    return Call(file, line, end, name, function, to=ast.unparse(node.func))
