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
    users, wanted = list(dict.fromkeys(files)), frozenset(takers)
    trees = ((file, parsed_files.tree_with(file, name)) for file in users)
    found = (
        call
        for file, tree in trees
        if tree is not None
        for call in _routes(name, file, tree, users, wanted, ROUNDS)
    )
    return list(dict.fromkeys(found))


def _routes(
    name: str,
    file: str,
    within: ast.AST,
    files: Sequence[str],
    takers: frozenset[str],
    rounds: int,
) -> Iterator[Call]:
    """Yield the calls of *takers* that get *name* from *within* a module, function or class."""
    for call in calls_in(within):
        for number, (word, given) in enumerate(_arguments(call)):
            if isinstance(given, ast.Call) or calls.last(given) != name:
                continue
            if calls.last(call.func) in takers:
                yield _call(file, call, name)
                continue
            for each, inside, known in _receivers(file, call, number, word, files):
                if rounds > 1:
                    yield from _routes(known, each, inside, files, takers, rounds - 1)


def _arguments(call: ast.Call) -> list[tuple[str | None, ast.expr]]:
    return [*((None, one) for one in call.args), *((one.arg, one.value) for one in call.keywords)]


def _receivers(
    file: str, call: ast.Call, number: int, word: str | None, files: Sequence[str]
) -> Iterator[tuple[str, ast.AST, str]]:
    """Yield the function or class that gets an argument of *call*, its file, its name for that."""
    if object_owners.makes_instance(call):
        around = next(iter(parsed_files.enclosing(file, call.lineno)), None)
        kept = object_owners.attribute_of(file, around, call, number, word)
        if kept is not None:
            yield kept
        return
    called = calls.last(call.func)
    for each in files:
        tree = parsed_files.tree(each) if f"def {called}(" in parsed_files.text(each) else None
        for node in parsed_files.statements(tree) if tree is not None else ():
            if isinstance(node, Function) and node.name == called:
                parameter = _parameter(each, node, number, word)
                if parameter is not None:
                    yield each, node, parameter


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
