"""The call whose function must end what another line creates: who gets it, or keeps its keeper.

A line creates a task, a session, a connection. Its function may return it, alone or inside an
object; then the caller has to end it. Or a method keeps it in an attribute that another method
ends; then the function that holds the instance has to call that method. Nothing is run: the lines
that were running at the creation are known, and the syntax says what each does with the value.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Iterator, Sequence
from types import CodeType
from typing import Literal

from loopcheck.light import dataclass, frozen
from loopcheck.source import bindings, calls, modules, parsed_files
from loopcheck.source.assignments import assignments_of
from loopcheck.source.bindings import Function
from loopcheck.source.nodes import calls_in, own_nodes, spans_line

ROUNDS = 5  # from one name to the next
CANCELS = "cancel"  # a task has no other end
ADDS = ("add", "append", "appendleft", "insert", "put", "setdefault")

Line = tuple[str, int]  # file and line


@frozen
class Owner:
    """The call that makes its function the owner, and what ends the object there."""

    file: str
    line: int
    name: str | None  # the function's name for the object, if it has one
    closer: str | None  # of the object that keeps it: `await {}.stop()`
    depth: int  # lines outward from the creation, 0: the creating function is the owner


@dataclass(frozen=True)
class Use:
    """What a function does with the value of an expression."""

    what: Literal["returns", "yields", "keeps", "holds"]
    name: str | None = None  # of the variable, or of the attribute of `self`


def use_of(function: Function, value: ast.expr, *known: str) -> Use:
    """Return whether *function* returns *value*, keeps it in an attribute, or only holds it.

    It may be inside another object: `return cls(ClientSession())` returns the session too. *known*
    are names that the function already has for it.
    """
    names = _names_for(function, value, known)
    for node in own_nodes(function):
        match node:
            case ast.Return(value=ast.expr() as given) if _carries(given, value, names):
                if is_cached_property(function):
                    return Use("keeps", function.name)
                return Use("returns", next(iter(names), None))
            case ast.Yield(value=ast.expr() as given) if _carries(given, value, names):
                return Use("yields", next(iter(names), None))
    own = bindings.first_parameter(function)
    for node in own_nodes(function) if own is not None else ():
        attribute = _stored(node, value, names, f"{own}.")
        if attribute is not None:
            return Use("keeps", attribute)
    return Use("holds", next(iter(names), None))


def is_cached_property(function: Function) -> bool:
    """Return whether the instance keeps what *function* returns, under the function's name."""
    return any(calls.last(one) == "cached_property" for one in function.decorator_list)


def _names_for(function: Function, value: ast.expr, known: Iterable[str]) -> dict[str, None]:
    """Return the local names of *value*, and of the objects that are made from it or get it."""
    names = dict.fromkeys(known)
    own = bindings.first_parameter(function)
    for _ in range(ROUNDS):
        before = len(names)
        for name, (given, entered) in bindings.assigned(function):
            holder = name.partition(".")[0]  # `client.task = create_task(…)`, then `return client`
            if not entered and holder != own and _carries(given, value, names):
                names.setdefault(holder)
        if len(names) == before:
            break
    return names


def _carries(given: ast.expr, value: ast.expr, names: dict[str, None]) -> bool:
    """Return whether the result of *given* is *value*, or an object made from it."""
    if given is value:
        return True
    match given:
        case ast.Name(id=name):
            return name in names
        case ast.Await(value=inner) | ast.Starred(value=inner) | ast.NamedExpr(value=inner):
            return _carries(inner, value, names)
        case ast.Tuple(elts=parts) | ast.List(elts=parts):
            return any(_carries(one, value, names) for one in parts)
        case ast.BoolOp(values=parts):
            return any(_carries(one, value, names) for one in parts)
        case ast.IfExp(body=first, orelse=second):
            return _carries(first, value, names) or _carries(second, value, names)
        case ast.Call() if makes_instance(given):
            words = (one.value for one in given.keywords)
            return any(_carries(one, value, names) for one in (*given.args, *words))
    return False


def makes_instance(call: ast.Call) -> bool:
    """Return whether *call* looks like that of a class: `Feeds(http)`, `cls(http)`."""
    name = calls.last(call.func) or ""
    return name == "cls" or name.lstrip("_")[:1].isupper()


def _stored(node: ast.AST, value: ast.expr, names: dict[str, None], own: str) -> str | None:
    """Return the attribute of the instance in which *node* puts *value*, alone or among others."""
    for target, given in _stores(node):
        if not _carries(given, value, names):
            continue
        while isinstance(target, ast.Subscript):
            target = target.value
        written = ast.unparse(target)
        if written.startswith(own) and written.count(".") == 1:
            return written.removeprefix(own)
    return None


def _stores(node: ast.AST) -> Iterator[tuple[ast.expr, ast.expr]]:
    """Yield each target of *node* with what it gets: an assignment's, or that of an `append`."""
    for one in assignments_of(node):
        if one.how == "assigned":
            yield from ((part, one.value) for part in one.parts())
    match node:
        case ast.Call(func=ast.Attribute(value=target, attr=method), args=values):
            if method in ADDS:
                yield from ((target, given) for given in values)


def keeper_of(
    file: str, function: Function, value: ast.expr, name: str
) -> tuple[ast.ClassDef, str] | None:
    """Return the class that *function* makes an instance of with *value*, and its attribute for it.

    Of `return cls(ClientSession())` the class around, and "http", in which its `__init__` keeps it.
    *name* is the variable that holds it: of `reader, writer = …` only one can be closed.
    """
    names = _names_for(function, value, ())
    if name in names:
        names = {name: None}
    for target, (given, _) in bindings.assigned(function):
        holder, _, attribute = target.partition(".")
        if attribute and holder in names and _carries(given, value, {}):
            kind = _class_of_local(file, function, holder)
            return (kind, attribute) if kind is not None else None
    for call in (node for node in own_nodes(function) if isinstance(node, ast.Call)):
        if not makes_instance(call):
            continue
        passed: list[tuple[str | None, ast.expr]] = [(None, one) for one in call.args]
        passed += [(one.arg, one.value) for one in call.keywords]
        for number, (word, one) in enumerate(passed):
            if _carries(one, value, names):
                kept = attribute_of(file, function, call, number, word)
                return kept[1:] if kept is not None else None
    return None


def _class_of_local(file: str, function: Function, name: str) -> ast.ClassDef | None:
    """Return the class of the instance that *function* creates as *name*."""
    for value, _ in bindings.values(function, name):
        made = value.value if isinstance(value, ast.Await) else value
        if isinstance(made, ast.Call) and makes_instance(made):
            called = class_called(file, function, made)
            return called[1] if called is not None else None
    return None


def attribute_of(
    file: str, function: Function | None, call: ast.Call, number: int, word: str | None
) -> tuple[str, ast.ClassDef, str] | None:
    """Return a file, the class in it that *call* makes an instance of, and the attribute it sets.

    The attribute keeps the argument with this *number* or keyword; *function* contains the call.
    """
    called = class_called(file, function, call)
    attribute = _attribute_for(called[1], number, word) if called is not None else None
    return (*called, attribute) if called is not None and attribute is not None else None


def class_called(
    file: str, function: Function | None, call: ast.Call
) -> tuple[str, ast.ClassDef] | None:
    """Return the class in user code that *call* makes an instance of, and its file first."""
    name = calls.last(call.func)
    if name == "cls":
        around = parsed_files.class_of(file, function) if function is not None else None
        return (file, around) if around is not None else None
    for each in dict.fromkeys((file, *modules.files())):
        # Most files name a class that they only import.
        module = parsed_files.tree(each) if f"class {name}" in parsed_files.text(each) else None
        for node in module.body if module is not None else ():
            if isinstance(node, ast.ClassDef) and node.name == name:
                return each, node
    return None


def _attribute_for(kind: ast.ClassDef, number: int, word: str | None) -> str | None:
    """Return the attribute in which an instance keeps an argument, by its place or its name."""
    made = next((one for one in kind.body if getattr(one, "name", "") == "__init__"), None)
    if not isinstance(made, Function):  # a dataclass
        fields = [one.target for one in kind.body if isinstance(one, ast.AnnAssign)]
        named = [one.id for one in fields if isinstance(one, ast.Name)]
        return word if word in named else None if word or number >= len(named) else named[number]
    spec = made.args
    places = [one.arg for one in (*spec.posonlyargs, *spec.args)][1:]
    name = word or (places[number] if number < len(places) else None)
    if name not in bindings.parameters(made):
        return None
    use = use_of(made, ast.Name(id=name, ctx=ast.Load()), name)
    return use.name if use.what == "keeps" else None


# Methods that end what an instance keeps


def closer_of(kind: ast.ClassDef, attribute: str) -> str | None:
    """Return how the holder of an instance ends what is in its *attribute*: `await {}.stop()`.

    None if no method of the class does it, or only one that takes more arguments.
    """
    for method in (one for one in kind.body if isinstance(one, Function)):
        if not _alone(method) or not _is_end(method.name) or method.name[:2] == "__":
            continue
        if _ends_attribute(method, attribute):
            awaits = "await " if isinstance(method, ast.AsyncFunctionDef) else ""
            return f"{awaits}{{}}.{method.name}()"
    return None


def closer_of_instance(code: CodeType) -> str | None:
    """Return how the holder of an instance ends what the method *code* starts: `{}.stop()`.

    None if it is no method, or if no method of its class has the name of an end.
    """
    method = parsed_files.function_of(code)
    kind = parsed_files.class_of(code.co_filename, method) if method is not None else None
    for one in kind.body if kind is not None else ():
        if not isinstance(one, Function) or one is method or not _alone(one):
            continue
        if _is_end(one.name) or "join" in one.name.split("_"):
            awaits = "await " if isinstance(one, ast.AsyncFunctionDef) else ""
            return f"{awaits}{{}}.{one.name}()"
    return None


def holder_at(file: str, line: int, method: str) -> str | None:
    """Return what *line* calls the instance whose *method* it calls, or that it makes."""
    for node in parsed_files.standing_at(file, line):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=name)) if name == method:
                return ast.unparse(owner)
            case ast.Assign(targets=[ast.Name() | ast.Attribute() as made], value=ast.Call()):
                if method == "__init__":
                    return ast.unparse(made)
    return None


def _alone(method: Function) -> bool:
    """Return whether the instance is all that *method* has to get."""
    spec = method.args
    return len([*spec.posonlyargs, *spec.args]) - len(spec.defaults) == 1 and not spec.kwonlyargs


def _is_end(method: str) -> bool:
    return bindings.ends(method) or CANCELS in method


def _ends_attribute(method: Function, attribute: str) -> bool:
    """Return whether a line of *method* ends the attribute, or each thing in it."""
    known = {f"{bindings.first_parameter(method)}.{attribute}"}
    for node in ast.walk(method):
        match node:
            case ast.For(target=ast.Name(id=name), iter=among) if known & set(_parts(among)):
                known.add(name)
            case ast.Assign(targets=[ast.Name(id=name)], value=given) if known & set(_parts(given)):
                known.add(name)
    for node in ast.walk(method):
        match node:
            case ast.Call(func=ast.Attribute(value=owner, attr=ends)) if _is_end(ends):
                if ast.unparse(owner) in known:
                    return True
    return False


def _parts(expression: ast.expr) -> Iterator[str]:
    return (
        ast.unparse(one)
        for one in ast.walk(expression)
        if isinstance(one, ast.Name | ast.Attribute)
    )


# From the creation outward


@dataclass(frozen=True)
class _Spot:
    """A line that was running, its function, and the call on it that leads to the creation."""

    file: str
    function: Function
    kind: ast.ClassDef | None
    call: ast.Call


def owner_of(lines: Sequence[Line], makes: Collection[str]) -> Owner | None:
    """Return who must end what a call of one of *makes* creates on the first of *lines*.

    The other lines are its callers', innermost first. None if the syntax does not tell, or if the
    owner already names what ends the object.
    """
    found: Owner | None = None
    called, closer = makes, None
    inside = False  # the receiver of the call keeps it; else its result is it, or has it
    for depth, (file, line) in enumerate(lines):
        spot = _spot(file, line, called)
        if spot is None:
            return found
        receiver = inside or calls.last(spot.call.func) == "__init__"  # of a base class
        use = _use_of_receiver(spot) if receiver else use_of(spot.function, spot.call)
        if use is not None:  # else another method of the same instance calls this one
            if use.what == "keeps":
                closer = closer_of(spot.kind, use.name or "") if spot.kind is not None else None
            elif use.what == "returns" and closer is None:
                keeper = keeper_of(file, spot.function, spot.call, use.name or "")
                closer = closer_of(*keeper) if keeper is not None else None
            if use.what == "holds" and use.name in bindings.parameters(spot.function):
                return None  # a fixture or a caller holds it, too
            name = use.name if use.what != "keeps" else None
            found = Owner(file=file, line=spot.call.lineno, name=name, closer=closer, depth=depth)
            if use.what in ("holds", "yields") or (use.what == "keeps" and closer is None):
                break
            inside = use.what == "keeps"
        called = (spot.function.name,)
        if spot.function.name == "__init__" and spot.kind is not None:
            called, inside = (spot.kind.name, "__init__"), False
    return found if found is not None and not _is_ended(found) else None


def _spot(file: str, line: int, called: Collection[str]) -> _Spot | None:
    function = next(iter(parsed_files.enclosing(file, line)), None)
    if function is None:
        return None
    among = [one for one in calls_in(function) if spans_line(one, line)]
    named = [one for one in among if calls.last(one.func) in called]
    # `make = Api` and `cls()` have other names; a line with one call leaves no doubt.
    fitting = named or (among if len(among) == 1 else [])
    if not fitting:
        return None
    return _Spot(file, function, parsed_files.class_of(file, function), fitting[0])


def _use_of_receiver(spot: _Spot) -> Use | None:
    """Return what the function does with the object on which it calls the method."""
    receiver = spot.call.func.value if isinstance(spot.call.func, ast.Attribute) else None
    own = bindings.first_parameter(spot.function) if spot.kind is not None else None
    match receiver:
        case ast.Name(id=name) if name == own:
            return None
        case ast.Name(id=name):
            return use_of(spot.function, receiver, name)
        case ast.Attribute(value=ast.Name(id=name), attr=attribute) if name == own:
            return Use("keeps", attribute)
        case ast.Call(func=ast.Name(id="super")):
            return None
    return Use("holds")


def _is_ended(owner: Owner) -> bool:
    """Return whether the function of *owner* already names the method that ends the object."""
    function = next(iter(parsed_files.enclosing(owner.file, owner.line)), None)
    if function is None:
        return False
    ends = owner.closer.rpartition(".")[2].removesuffix("()") if owner.closer else None
    for node in ast.walk(function):
        match node:
            case ast.With(items=items) | ast.AsyncWith(items=items):
                if any(spans_line(one.context_expr, owner.line) for one in items):
                    return True
            case ast.Attribute(attr=method) if method == ends:
                return True
    return False
