"""The call that at last calls a function which others only pass on, or keep in an attribute.

`Debounce(0.1, self.save)` keeps `self.save` as `self.action`, and `call_later(0.1, self.action)`
calls it: that line, not the first one, decides whether somebody awaits the result. The function may
be in a `partial` or in a lambda, or have a second name.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import field
from itertools import islice
from types import CodeType

from loopcheck.light import dataclass
from loopcheck.source import bindings, calls, parsed_files
from loopcheck.source.assignments import assignments_in
from loopcheck.source.bindings import Function
from loopcheck.source.calls import Call
from loopcheck.source.nodes import calls_in, mentioned, nodes_entering, nodes_of, spans_line
from loopcheck.source.values import object_owners

Fits = Callable[[ast.expr, Call], bool]

MOST = 50  # calls in one file
ROUNDS = 4  # functions and objects that pass it on, and names that it gets
PARTIALS = frozenset({"partial", "partialmethod"})
# They keep, wrap or look at a function, and don't call it.
KEEPS = frozenset(
    {*object_owners.ADDS, *PARTIALS, "extend", "update", "put_nowait", "wraps", "update_wrapper"}
    | {"callable", "isinstance", "iscoroutinefunction", "getattr", "setattr", "hasattr", "print"}
    | {"id", "repr", "str", "signature", "unwrap", "iscoroutine", "isawaitable", "type"}
)
READS = ("get", "values", "items", "copy", "pop", "setdefault", "popleft")
CONTAINERS = (list, dict, set, str)
DESCRIBES = ("staticmethod", "classmethod", "property", "abstractmethod", "override")


def taken(
    name: str, files: Iterable[str], takers: Collection[str], test: CodeType | None = None
) -> list[Call]:
    """Return the calls of *takers* that get the function *name*, also through others.

    Those that begin in the function of *test* come alone, if there are any. No line of another test
    ran.
    """
    search = _Search(list(dict.fromkeys(files)), frozenset(takers).__contains__)
    return search.routes(name, test, lambda given, call: True)


def by_libraries(
    name: str,
    files: Iterable[str],
    test: CodeType | None = None,
    at: tuple[str, int] | None = None,
) -> list[Call]:
    """Return the same for all functions that no line of *files* defines.

    *at* is in the lambda that they get, if that is known.
    """

    def takes(called: str) -> bool:
        return called not in KEEPS and not called.startswith("assert")

    def fits(given: ast.expr, call: Call) -> bool:
        return at is None or _is_lambda(given, call.file, at)

    return _Search(list(dict.fromkeys(files)), takes).routes(name, test, fits)


def _is_lambda(given: ast.expr, file: str, at: tuple[str, int]) -> bool:
    """Return whether *given* is, or names, the lambda around the line *at*."""
    named = [given, *(_values(given, file) if isinstance(given, ast.Name | ast.Attribute) else ())]
    spanning = (one for one in named if isinstance(one, ast.Lambda) and spans_line(one, at[1]))
    return file == at[0] and next(spanning, None) is not None


def passed_on(name: str, files: Iterable[str], test: CodeType | None) -> tuple[str, int] | None:
    """Return the only line that passes the function *name* on, or keeps it, without a call.

    If several do, the one in the function of *test*.
    """
    found = set()
    for file in dict.fromkeys(files):
        tree = parsed_files.tree_with(file, name)
        for node in ast.walk(tree) if tree is not None else ():
            for one in _handed_in(node):
                if _stands_for(one, name, file, 1):
                    found.add((file, one.lineno))
            if isinstance(node, Function) and node.name == name:
                others = (one for one in node.decorator_list if calls.last(one) not in DESCRIBES)
                found.update((file, one.lineno) for one in others)
    block = parsed_files.function_of(test) if test is not None else None
    own = {one for one in found if test and one[0] == test.co_filename}
    own = {one for one in own if block is not None and spans_line(block, one[1])}
    # `seen.add` of any set may be what another line passes on.
    kept = own if any(hasattr(one, name) for one in CONTAINERS) else own or found
    return kept.pop() if len(kept) == 1 else None


def _handed_in(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Call(func=func) if calls.last(func) not in PARTIALS:
            return [one for _, one in _arguments(node)]
        case ast.Dict(values=values) | ast.List(elts=values) | ast.Tuple(elts=values):
            return values
        case ast.Assign(targets=[ast.Attribute() | ast.Subscript()], value=value):
            return [value]
    return []


@dataclass()
class _Search:
    """One search through these files for the calls of functions whose names *takes* accepts."""

    files: Sequence[str]
    takes: Callable[[str], bool]
    functions: dict[str, list[tuple[str, Function]]] = field(default_factory=dict)  # by name

    def routes(self, name: str, test: CodeType | None, fits: Fits) -> list[Call]:
        """Return the calls that get the function *name*, in the order of the text."""
        block = parsed_files.function_of(test) if test is not None else None
        found: dict[Call, None] = {}
        if test is not None and block is not None:
            found = dict.fromkeys(self._within(name, test.co_filename, [*calls_in(block)], fits))
        for file in self.files if not found else ():
            tree = parsed_files.tree_with(file, name)
            every = nodes_entering(
                _is_no_test if test is not None else _is_node, [tree or ast.Pass()]
            )
            there = (node for node in every if isinstance(node, ast.Call))
            found |= dict.fromkeys(islice(self._within(name, file, there, fits), MOST))
        return list(found)

    def _within(
        self, name: str, file: str, among: Iterable[ast.Call], fits: Fits
    ) -> Iterator[Call]:
        for call in among:
            for given, found in self._of_call(name, file, call, ROUNDS, items=False):
                if fits(given, found):
                    yield found

    def _of_call(
        self, name: str, file: str, call: ast.Call, rounds: int, *, items: bool
    ) -> Iterator[tuple[ast.expr, Call]]:
        """Yield the calls that get *name*, or its *items*: *call* itself, or later ones."""
        called = calls.last(call.func)
        for number, (word, given) in enumerate(_arguments(call)):
            if called is None or called in PARTIALS:
                continue
            if not _stands_for(given, name, file, items=items):
                continue
            if self.takes(called) and not self._defines(called):
                yield given, _call(file, call, given, name)
                continue
            for each, inside, known, many in self._receivers(file, call, number, word):
                many = many or isinstance(given, ast.Dict | ast.List | ast.Tuple)
                for inner in calls_in(inside) if rounds > 1 else ():
                    yield from self._of_call(known, each, inner, rounds - 1, items=many)

    def _defines(self, called: str) -> bool:
        texts = map(parsed_files.text, self.files)
        return any(f"def {called}(" in text or f"class {called}" in text for text in texts)

    def _receivers(
        self, file: str, call: ast.Call, number: int, word: str | None
    ) -> Iterator[tuple[str, ast.AST, str, bool]]:
        """Yield the function or class that gets an argument, its file, its name for that.

        And whether that is a container, which has the function among its items.
        """
        if object_owners.makes_instance(call):
            around = next(iter(parsed_files.enclosing(file, call.lineno)), None)
            kept = object_owners.attribute_of(file, around, call, number, word)
            made = object_owners.class_called(file, around, call) if kept is None else None
            if kept is not None:
                yield *kept, False
            for one in made[1].body if made is not None else ():
                if made and isinstance(one, Function) and one.name == "__init__":
                    parameter = _parameter(made[0], one, number, word)
                    if parameter is not None:  # kept in a `partial`
                        yield *made, parameter, False
            return
        called = calls.last(call.func)
        container = _base(call.func.value) if isinstance(call.func, ast.Attribute) else None
        if called in object_owners.ADDS and container is not None:
            around = next(iter(parsed_files.enclosing(file, call.lineno)), None)
            kind = parsed_files.class_of(file, around) if around is not None else None
            inside = kind or parsed_files.tree(file)
            if inside is not None:
                yield file, inside, container, True
            return
        for each, node in self._functions(called or ""):
            parameter = _parameter(each, node, number, word)
            if parameter is not None:
                yield each, node, parameter, False

    def _functions(self, name: str) -> list[tuple[str, Function]]:
        if name not in self.functions:
            trees = (
                (each, parsed_files.tree(each))
                for each in self.files
                if f"def {name}(" in parsed_files.text(each)
            )
            self.functions[name] = [
                (each, node)
                for each, tree in trees
                for node in (parsed_files.statements(tree) if tree is not None else ())
                if isinstance(node, Function) and node.name == name
            ]
        return self.functions[name]


def _is_no_test(node: ast.AST) -> bool:
    return not (isinstance(node, Function) and node.name.startswith("test"))


def _is_node(node: ast.AST) -> bool:
    return True


def _stands_for(
    given: ast.expr, name: str, file: str, rounds: int = ROUNDS, *, items: bool = False
) -> bool:
    """Return whether a call of *given* calls the function *name* and returns what that returns.

    With *items*, *name* is a container of functions.
    """

    def inner(one: ast.expr, left: int = rounds) -> bool:
        return _stands_for(one, name, file, left, items=items)

    other = isinstance(given, ast.Name | ast.Attribute) and calls.last(given) != name
    if other and ast.unparse(given) not in _aliases(parsed_files.text(file), name):
        return False  # most arguments of a file: asked first, since the rest takes longer
    match given:
        case ast.Name() if items:
            return any(_base(one) == name for one in _sources(given, file))
        case ast.Subscript():
            return items and _base(given) == name
        case ast.Name() | ast.Attribute() if calls.last(given) == name:
            return not items
        case ast.Name() | ast.Attribute(value=ast.Name()) if rounds > 1:
            return any(inner(one, rounds - 1) for one in _values(given, file))
        case ast.Call(func=func, args=[first, *_]) if calls.last(func) in PARTIALS:
            return inner(first)
        case ast.Lambda(body=ast.Call() as call):
            return inner(call.func) or inner(call)
        case ast.IfExp(body=first, orelse=second):
            return inner(first) or inner(second)
        case ast.Dict(values=parts) | ast.List(elts=parts) | ast.Tuple(elts=parts):
            return any(map(inner, parts))
    return False


@parsed_files.kept(16)
def _aliases(source: str, name: str) -> frozenset[str]:
    """Return what the file with this text assigns a value to that mentions *name*, also by others.

    It may have another meaning elsewhere in the file.
    """
    given = [
        (ast.unparse(part), calls.last(part), mentioned(one.value))
        for one in assignments_in(parsed_files.parse(source))
        for part in one.parts()
        if isinstance(part, ast.Name | ast.Attribute)
    ]
    found, names = set[str](), {name}
    for _ in range(ROUNDS):
        new = {(target, last) for target, last, words in given if names & words}
        found |= {target for target, _ in new}
        names |= {last for _, last in new if last is not None}
    return frozenset(found)


def _sources(given: ast.Name, file: str) -> list[ast.expr]:
    """Return what the function assigns to the name *given*, or iterates over with it."""
    around = parsed_files.enclosing(file, given.lineno)[:1]
    found = [one for one in assignments_in(*around) if one.sets(given.id)]
    loops = [one for one in nodes_of(ast.For, *around) if spans_line(one, given.lineno)]
    inside = [one for one in found if any(one.value is loop.iter for loop in loops)]
    return [one.value for one in inside or found]


def _base(value: ast.expr) -> str | None:
    """Return the container that *value* reads: of `self.handlers.get(topic, ())` "handlers"."""
    while True:
        match value:
            case ast.Subscript(value=inner) | ast.Starred(value=inner):
                value = inner
            case ast.Call(func=ast.Attribute(value=inner, attr=attr)) if attr in READS:
                value = inner
            case ast.Call(func=ast.Name(id="list" | "tuple" | "sorted"), args=[inner, *_]):
                value = inner
            case _:
                return calls.last(value)


def _values(given: ast.Name | ast.Attribute, file: str) -> list[ast.expr]:
    """Return what the function assigns to the name *given*, or its class to the attribute."""
    around = parsed_files.enclosing(file, given.lineno)
    blocks: list[ast.AST] = [*around[:1]]
    if isinstance(given, ast.Attribute):
        kinds = (parsed_files.class_of(file, one) for one in around)
        blocks = [one for one in kinds if one is not None]
    written = ast.unparse(given)
    wanted = (ast.Lambda, ast.Call, ast.Name, ast.Attribute, ast.Dict, ast.List, ast.Tuple)
    found = [value for block in blocks for value, _ in bindings.values(block, written)]
    return [one for one in found if isinstance(one, wanted)]


def _arguments(call: ast.Call) -> list[tuple[str | None, ast.expr]]:
    return [*((None, one) for one in call.args), *((one.arg, one.value) for one in call.keywords)]


def _parameter(file: str, function: Function, number: int, word: str | None) -> str | None:
    spec = function.args
    places = [one.arg for one in (*spec.posonlyargs, *spec.args)]
    places = places[1:] if parsed_files.class_of(file, function) is not None else places
    name = word or (places[number] if number < len(places) else None)
    return name if name in bindings.parameters(function) else None


def _call(file: str, node: ast.Call, given: ast.expr, name: str) -> Call:
    around = parsed_files.enclosing(file, node.lineno)
    function = around[0].name if around else None
    line, end = given.lineno, node.end_lineno or node.lineno
    return Call(file, line, end, name, function, to=ast.unparse(node.func), passed=True)
