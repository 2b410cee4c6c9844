"""Which object opened a connection: from the lines that ran, by their syntax, to a name.

When loopcheck notices the leak, the client itself is gone: `await store.ping()` leads to the
fixture `store`, `await cart.fill()` and its `self.store.set(…)` to what `Cart` keeps.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import CodeType
from typing import Any

from loopcheck.light import dataclass, frozen, replace
from loopcheck.process import objects
from loopcheck.source import bindings, calls, modules, parsed_files, project_files, user_code
from loopcheck.source.bindings import Function
from loopcheck.source.catching import expecting_blocks
from loopcheck.source.nodes import calls_in, contains, nodes_of, spans_line
from loopcheck.source.statements import awaited_values
from loopcheck.source.values import close_failures, object_owners

HOPS = 8  # from one name to the next
COMPREHENSIONS = ("<listcomp>", "<setcomp>", "<dictcomp>", "<genexpr>")  # frames until 3.12


@frozen
class Opener:
    """The name of the opener in user code, and the line that assigns this name."""

    name: str
    file: str
    line: int
    fixture: bool = False
    # The line that should close it, and the `try` or `suppress` around that line.
    clean_up: tuple[int, str] | None = None
    sure: bool = True  # False: only the line that opened the connection is known
    keeps: str | None = None  # the attribute that holds it, if the name is that of its owner
    closer: str | None = None  # what closes the owner: `await {}.aclose()`
    lost_by: str | None = None  # the function that raised before it could hand it out


@dataclass(frozen=True)
class Spot:
    """A function in user code, its class, and its direct caller."""

    file: str
    function: Function
    kind: ast.ClassDef | None
    line: int
    caller: Spot | None


def of_lines(
    lines: Sequence[tuple[CodeType, int, bool]], definitions: Mapping[str, Any], test: Any
) -> Opener | None:
    """Return the opener for *lines*, innermost first; *definitions* are the test's fixtures."""
    spot = _spot(lines)
    if spot is None:
        return None
    search = _Search(definitions, user_code.function(test))
    for expression in awaited_values.awaited_at(spot.function, spot.line):
        found = search.follow(expression, spot, HOPS)
        if found is not None:
            return found
    if search.closed or search.foreign:
        return None
    awaited = awaited_values.awaited_at(spot.function, spot.line)
    shown = next((bindings.written(one) for one in awaited), None)
    return Opener(name=shown, file=spot.file, line=spot.line, sure=False) if shown else None


def of_calls(kind: str, definitions: Mapping[str, Any], test: Any) -> Opener | None:
    """Return the only call of class *kind* in the test or its fixtures that no `with` closes."""
    codes = [user_code.function(test), *map(user_code.fixture, definitions.values())]
    found = []
    for code in codes:
        spot = _spot(((code, code.co_firstlineno, False),)) if code is not None else None
        if spot is None or project_files.owner(spot.file) != "user":
            continue
        search = _Search(definitions, codes[0])
        for node in calls_in(spot.function):
            if calls.last(node.func) == kind and not _in_with(spot, node):
                found.append(search.maker(bindings.given_to(spot.function, node), node, spot))
    places = {(one.file, one.line): one for one in found}
    return found[0] if len(places) == 1 else None


def of_files(known: str, files: Iterable[str]) -> Opener | None:
    """Return the only call of the class *known* in all *files*, if no `with` closes it.

    None if the files also use aiohttp's test client, which creates a session of its own. None, too,
    if a library has the class: it may have created this one.
    """
    package, kind = known.partition(".")[0], known.rpartition(".")[2]
    if _in_a_library(package, kind):
        return None
    found = []
    for file in files:
        text = parsed_files.text(file)
        if "TestClient" in text or "aiohttp_client" in text:
            return None
        module = parsed_files.tree(file) if kind in text else None
        found += [(file, one) for one in calls_in(module) if calls.last(one.func) == kind]
    if len(found) != 1:
        return None
    [(file, call)] = found
    for function in parsed_files.enclosing(file, call.lineno)[:1]:
        spot = Spot(file, function, parsed_files.class_of(file, function), call.lineno, None)
        if not _in_with(spot, call):
            return Opener(name=bindings.given_to(function, call), file=file, line=call.lineno)
    return None


def of_owner(known: Opener, definitions: Mapping[str, Any], test: Any) -> Opener:
    """Return *known*, or the object that keeps it, if its class can close it and nothing does.

    The line to change is then the one that creates the owner, in the test or in its fixture.
    """
    attribute = known.name.partition(".")[2]
    module = parsed_files.tree(known.file) if attribute and known.sure else None
    if module is None or known.clean_up is not None:
        return known
    nodes = (one for one in parsed_files.statements(module) if isinstance(one, ast.ClassDef))
    kind = next((one for one in nodes if spans_line(one, known.line)), None)
    closer = object_owners.closer_of(kind, attribute) if kind is not None else None
    kinds = [kind.name, *_derived(kind.name)] if kind is not None and closer else []
    found = [made for one in kinds if (made := of_calls(one, definitions, test)) is not None]
    owner = found[0] if len(found) == 1 else None
    if owner is None or closer is None:
        return known
    function = next(iter(parsed_files.enclosing(owner.file, owner.line)), None)
    method = closer.rpartition(".")[2].removesuffix("()")
    if function is None or any(calls.last(one.func) == method for one in calls_in(function)):
        return known  # it is meant to be closed there
    return replace(owner, keeps=attribute, closer=closer)


def _derived(kind: str) -> list[str]:
    """Return the classes of the project that have *kind* as a base."""
    found = []
    for file in modules.files():
        module = parsed_files.tree(file) if kind in parsed_files.text(file) else None
        for node in module.body if module is not None else ():
            if isinstance(node, ast.ClassDef) and kind in map(calls.last, node.bases):
                found.append(node.name)
    return found


def _in_a_library(package: str, kind: str) -> bool:
    """Return whether an installed module has the class *kind*, or contains the *package*."""
    others = [
        module
        for name, module in list(sys.modules.items())
        if objects.is_module(module) and name.partition(".")[0] != package
    ]
    return any(
        {package, kind} & set(vars(module))
        and project_files.installed(str(vars(module).get("__file__")))
        for module in others
    )


def fixture(name: str, definition: Any) -> Opener | None:
    """Return the fixture *name* as the opener."""
    code = user_code.fixture(definition)
    if code is None or project_files.owner(code.co_filename) != "user":
        return None
    function = parsed_files.function_of(code)
    line = function.lineno if function else code.co_firstlineno
    own = bindings.given_away(function) if function else None
    return Opener(
        name=name,
        file=code.co_filename,
        line=line,
        fixture=True,
        clean_up=bindings.swallowed(function, own) if function and own else None,
    )


class _Search:
    """One search from a line to a name. It ends at a closed object, or outside user code."""

    def __init__(self, definitions: Mapping[str, Any], test: CodeType | None) -> None:
        self.definitions, self.test = definitions, test
        self.closed = self.foreign = False

    def follow(self, expression: ast.expr, spot: Spot, hops: int) -> Opener | None:
        """Return the opener behind *expression* in the function of *spot*."""
        if hops <= 0:
            return None
        while isinstance(expression, ast.Await):
            expression = expression.value
        made = calls.last(expression.func) if isinstance(expression, ast.Call) else None
        if made in bindings.PAIRED or made == "clone":
            name = bindings.given_to(spot.function, expression)
            return self.maker(name, expression, spot)  # it is called on a loop, which opens nothing
        root, attribute = bindings.root_of(expression)
        if root is None:
            return None
        if attribute is not None and root == _self(spot):
            return self._attribute(attribute, spot, hops)
        values = list(bindings.values(spot.function, root))
        if values:
            return self._local(root, values, spot, hops)
        if root in bindings.parameters(spot.function):
            return self._parameter(root, spot, hops)
        return self._elsewhere(expression, root, spot, hops)

    def _local(
        self, name: str, values: list[tuple[ast.expr, bool]], spot: Spot, hops: int
    ) -> Opener | None:
        value, with_ = values[-1]
        further = list(self._inner(value, spot, hops))
        if further:
            return further[0]
        if with_:
            self.closed = True
            return None
        if self.foreign:
            return None
        return self.maker(name, value, spot)

    def _inner(self, value: ast.expr, spot: Spot, hops: int) -> Iterator[Opener]:
        """Yield the openers behind *value*: `pool` of `pool.acquire()`, `e` of `Session(e)`."""
        known = {name for name, _ in bindings.assigned(spot.function)} | bindings.parameters(
            spot.function
        )
        while isinstance(value, ast.Await):
            value = value.value
        root, _ = bindings.root_of(value)
        if root in known or root == _self(spot):
            found = self.follow(value, spot, hops - 1)
            if found is not None:
                yield found
            return
        if isinstance(value, ast.Call):
            for given in (*value.args, *(word.value for word in value.keywords)):
                if not isinstance(given, ast.Name) or given.id not in known:
                    continue
                if not _is_text(spot.function, given.id):  # a session's engine, not an address
                    found = self.follow(given, spot, hops - 1)
                    if found is not None and found.sure:
                        yield found

    def maker(self, name: str, value: ast.expr, spot: Spot) -> Opener:
        """Return the line that assigns *name*, or the fixture that passes the value on."""
        for known, definition in self.definitions.items():
            code = user_code.fixture(definition)
            outer = fixture(known, definition) if code is not None else None
            if outer is not None and outer.file == spot.file:
                around = parsed_files.function_at(spot.file, code.co_firstlineno) if code else None
                nested = around is not None and contains(around, spot.function)
                if nested and around is not None and around is not spot.function:
                    factory = bindings.given_away(around) == spot.function.name
                    return replace(outer, name=f"{known}()") if factory else outer
                if nested and _hands_out(spot.function, name, value):
                    return outer
        if object_owners.is_cached_property(spot.function) and spot.kind is not None:
            name = f"{bindings.first_parameter(spot.function)}.{spot.function.name}"
            return Opener(name=name, file=spot.file, line=value.lineno)
        call = _call_of(spot.caller, spot.function.name)
        handed = _hands_out(spot.function, name, value)
        if handed and _has_raised(spot.caller):
            lost_by = spot.function.name
            return Opener(name=name, file=spot.file, line=value.lineno, lost_by=lost_by)
        if spot.caller is not None and call is not None and handed:
            given = bindings.given_to(spot.caller.function, call)
            return _inside_object(self.maker(given, call, spot.caller), spot, value, name)
        clean_up = bindings.swallowed(spot.function, name)
        found = Opener(name=name, file=spot.file, line=value.lineno, clean_up=clean_up)
        owner, _, attribute = name.partition(".")
        kept = clean_up is None and attribute and owner == _self(spot)
        return (self._of_owner(attribute, spot) if kept else None) or found

    def _of_owner(self, attribute: str, spot: Spot) -> Opener | None:
        """Return the instance that keeps it, if the line that should close the instance fails."""
        place = _outside(spot)
        call = _call_of(place, spot.kind.name) if spot.kind is not None else None
        if place is None or call is None:
            return None
        name = bindings.given_to(place.function, call)
        for method, line, around in bindings.hidden_ends(place.function, name):
            if close_failures.fails(method, attribute, _kinds(spot)):
                return Opener(
                    name=f"{self._given_as(name, place)}.{attribute}",
                    file=place.file,
                    line=call.lineno,
                    clean_up=(line, around),
                )
        return None

    def _given_as(self, name: str, spot: Spot) -> str:
        """Return the name of the fixture that yields or returns *name*, else *name*."""
        if bindings.given_away(spot.function) != name:
            return name
        codes = {known: user_code.fixture(one) for known, one in self.definitions.items()}
        return next(
            (
                known
                for known, code in codes.items()
                if code is not None
                and code.co_filename == spot.file
                and parsed_files.function_at(spot.file, code.co_firstlineno) is spot.function
            ),
            name,
        )

    def _parameter(self, name: str, spot: Spot, hops: int) -> Opener | None:
        if self._of_pytest(spot):
            return self._fixture(name, hops)
        caller = spot.caller
        call = _call_of(caller, spot.function.name) if caller is not None else None
        if call is None or caller is None:
            return None
        given = _argument(call, spot, name)
        return self.follow(given, caller, hops - 1) if given is not None else None

    def _of_pytest(self, spot: Spot) -> bool:
        """Return whether pytest calls the function of *spot*: its parameters are fixtures."""
        functions = [getattr(one, "func", None) for one in self.definitions.values()]
        codes = [self.test, *map(user_code.function, functions)]
        return any(
            code is not None
            and code.co_filename == spot.file
            and code.co_name == spot.function.name
            and parsed_files.function_at(spot.file, code.co_firstlineno) is spot.function
            for code in codes
        )

    def _fixture(self, name: str, hops: int) -> Opener | None:
        definition = self.definitions.get(name)
        found = fixture(name, definition) if definition is not None else None
        code = user_code.fixture(definition)
        if found is None or code is None:
            self.foreign = True  # a plugin's fixture: the plugin has to close it
            return None
        spot = _spot(((code, found.line, False),))
        if spot is None or found.clean_up is not None:
            return found
        value = bindings.gives(spot.function)
        if isinstance(value, ast.Name):
            with_ = any(w for _, w in bindings.values(spot.function, value.id))
            value = next((v for v, _ in bindings.values(spot.function, value.id)), None)
        else:
            with_ = False
        if isinstance(value, ast.expr):
            further = [one for one in self._inner(value, spot, hops) if one.fixture]
            if len(further) == 1:
                return further[0]
        if with_:
            self.closed = True
            return None
        return found

    def _attribute(self, attribute: str, spot: Spot, hops: int) -> Opener | None:
        """Follow `self.store` to the assignment in the class, or to the caller's argument."""
        for file, kind, method in _methods(spot):
            for value, with_ in bindings.values(
                method, f"{bindings.first_parameter(method)}.{attribute}"
            ):
                if isinstance(value, ast.Constant):
                    continue
                if with_:
                    self.closed = True
                    return None
                if isinstance(value, ast.Name) and value.id in bindings.parameters(method):
                    return self._handed_over(value.id, method, spot, hops)
                own = _receiver(spot)
                shown = f"{own}.{attribute}" if own else f"self.{attribute}"
                return Opener(
                    name=shown,
                    file=file,
                    line=value.lineno,
                    clean_up=bindings.swallowed(kind, f"self.{attribute}"),
                )
        return None

    def _handed_over(self, name: str, method: Function, spot: Spot, hops: int) -> Opener | None:
        """Follow parameter *name* of a class's *method* to the call that creates the instance."""
        if spot.kind is None:
            return None
        kind = spot.kind.name
        caller = _outside(spot)
        if caller is None:
            return None
        places = [caller]
        for parameter in bindings.parameters(caller.function):
            code = user_code.fixture(self.definitions.get(parameter))
            if code is not None and (there := _spot(((code, code.co_firstlineno, False),))):
                places.append(there)
        for place in places:
            call = _call_of(place, kind)
            given = _argument(call, replace(spot, function=method), name) if call else None
            if given is not None:
                return self.follow(given, place, hops - 1)
        return None

    def _elsewhere(self, expression: ast.expr, root: str, spot: Spot, hops: int) -> Opener | None:
        """Follow a module's or a function's name: `asyncpg.connect(…)` opens it on this line."""
        for given in bindings.wrapped(expression):
            found = self.follow(given, spot, hops - 1)
            if found is not None:
                return found
        module = parsed_files.tree(spot.file)
        if module is None or parsed_files.own_lines(module, root) is not None:
            line = parsed_files.own_lines(module, root) if module else None
            return Opener(name=root, file=spot.file, line=line) if line else None
        call = expression
        while isinstance(call, ast.Attribute | ast.Subscript):
            call = call.value
        if not isinstance(call, ast.Call):
            return None
        shown = bindings.given_to(spot.function, expression)
        return self.maker(shown, expression, spot)


def _is_text(function: Function, name: str) -> bool:
    """Return whether *function* assigns a text to *name*: an address is no client."""
    values = [value for value, _ in bindings.values(function, name)]
    match values[-1:]:
        case [ast.JoinedStr() | ast.Constant()]:
            return True
        case [ast.Call(func=ast.Attribute(attr=method))]:
            return method in TEXTS
    return False


TEXTS = frozenset({"replace", "format", "removeprefix", "removesuffix", "strip", "join", "decode"})


# The function and class around a line, and what the line awaits


def _spot(lines: Sequence[tuple[CodeType, int, bool]]) -> Spot | None:
    """Return the innermost line, with its chain of direct callers."""
    spot: Spot | None = None
    directly = []
    for step in lines:
        directly.append(step)
        if not step[2]:
            break
    for code, line, _ in reversed(directly):
        if code.co_name in COMPREHENSIONS:
            continue
        function = parsed_files.function_of(code)
        if function is None:
            return None
        spot = Spot(
            code.co_filename,
            function,
            parsed_files.class_of(code.co_filename, function),
            line,
            spot,
        )
    return spot


def _methods(spot: Spot) -> Iterator[tuple[str, ast.ClassDef, Function]]:
    """Yield the methods of the class of *spot*, then of its bases, with their files."""
    for file, kind, _ in _classes(spot):
        methods = nodes_of((ast.FunctionDef, ast.AsyncFunctionDef), kind)
        yield from ((file, kind, one) for one in methods)


def _classes(spot: Spot) -> Iterator[tuple[str, ast.ClassDef, bool]]:
    """Yield the class of *spot*, its bases, and whether the bases of each are known."""
    todo = [(spot.file, spot.kind)] if spot.kind is not None else []
    for _ in range(HOPS):
        if not todo:
            return
        file, kind = todo.pop(0)
        found = [_base(base, file) for base in kind.bases]
        yield file, kind, None not in found
        todo += [one for one in found if one is not None]


def _kinds(spot: Spot) -> list[ast.ClassDef]:
    """Return the class of *spot* and its bases; nothing if one of the bases is unknown."""
    seen = list(_classes(spot))
    return [kind for _, kind, _ in seen] if all(whole for _, _, whole in seen) else []


def _base(said: ast.expr, file: str) -> tuple[str, ast.ClassDef] | None:
    """Return the class in user code that a name in a list of bases refers to."""
    name = calls.last(said)
    for each in dict.fromkeys((file, *modules.files())):
        module = (
            parsed_files.tree(each)
            if name is not None and name in parsed_files.text(each)
            else None
        )
        for node in module.body if module is not None else ():
            if isinstance(node, ast.ClassDef) and node.name == name:
                return each, node
    return None


def _self(spot: Spot) -> str | None:
    return bindings.first_parameter(spot.function) if spot.kind is not None else None


def _in_with(spot: Spot, call: ast.Call) -> bool:
    for node in nodes_of((ast.With, ast.AsyncWith, ast.Call), spot.function):
        held: list[ast.expr] = []
        if isinstance(node, ast.With | ast.AsyncWith):
            held = [item.context_expr for item in node.items]
        elif isinstance(node, ast.Call) and "enter" in (calls.last(node.func) or ""):
            held = node.args  # of `await stack.enter_async_context(…)`
        if any(contains(one, call) for one in held):
            return True
    return False


def _hands_out(function: Function, name: str, value: ast.expr) -> bool:
    """Return whether *function* returns *value*, or the variable *name* that holds it."""
    return object_owners.use_of(function, value, name).what in ("returns", "yields")


def _has_raised(spot: Spot | None) -> bool:
    """Return whether the line of *spot*, or of a caller, ends a block that expects an error."""
    while spot is not None:
        for block in expecting_blocks.around(spot.function, spot.line):
            if spans_line(block.body[-1], spot.line):
                return True
        spot = spot.caller
    return False


def _inside_object(found: Opener, spot: Spot, value: ast.expr, name: str) -> Opener:
    """Return *found*, with the attribute and the closing method if an object holds *value*."""
    keeper = object_owners.keeper_of(spot.file, spot.function, value, name)
    if keeper is None or found.keeps is not None or found.clean_up is not None:
        return found
    kind, attribute = keeper
    return replace(found, keeps=attribute, closer=object_owners.closer_of(kind, attribute))


def _call_of(spot: Spot | None, name: str) -> ast.Call | None:
    """Return the only call of *name* in the function of *spot*."""
    if spot is None:
        return None
    nodes = calls_in(spot.function)
    found = [node for node in nodes if calls.last(node.func) == name]
    return found[0] if len(found) == 1 else None


def _argument(call: ast.Call, spot: Spot, name: str) -> ast.expr | None:
    """Return the argument that *call* passes for parameter *name* of the function of *spot*."""
    for word in call.keywords:
        if word.arg == name:
            return word.value
    spec = spot.function.args
    names = [one.arg for one in (*spec.posonlyargs, *spec.args)]
    if spot.kind is not None:
        names = names[1:]
    number = names.index(name) if name in names else len(call.args)
    return call.args[number] if number < len(call.args) else None


def _outside(spot: Spot) -> Spot | None:
    """Return the first caller outside the class of *spot*."""
    caller = spot.caller
    while caller is not None and caller.kind is spot.kind:
        caller = caller.caller
    return caller


def _receiver(spot: Spot) -> str | None:
    """Return the caller's name for the instance of the class of *spot*."""
    caller = _outside(spot)
    if caller is None:
        return None
    call = _call_of(caller, spot.function.name)
    if call is None or not isinstance(call.func, ast.Attribute):
        return None
    root, _ = bindings.root_of(call.func.value)
    return ast.unparse(call.func.value) if root is not None else None
