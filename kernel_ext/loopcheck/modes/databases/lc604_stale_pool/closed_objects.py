"""An object that refused a call since it is closed, and the line that closed it.

No watch records how an object of any class ends. Its class shows why it refused: the `raise` is
under a condition, and a method such as `close` makes that condition true. The frames show who
called that method: a statement that ran before the failing one, a `with` block that is over, or a
function that returned the object from inside its block. Else it is the only line of the project
that closes something of that name.
"""

from __future__ import annotations

import ast
import errno
from collections.abc import Iterator, Sequence
from types import FunctionType, MethodDescriptorType
from typing import Any, Literal

from loopcheck.labels import Labels
from loopcheck.light import dataclass
from loopcheck.modes.databases.lc604_stale_pool import earlier_closings, providers, refusals
from loopcheck.modes.databases.lc604_stale_pool.earlier_closings import Closed, Closing
from loopcheck.modes.databases.lc604_stale_pool.providers import Provider
from loopcheck.process import failure, objects
from loopcheck.process.databases import connection_names
from loopcheck.records import DoneAt, Kept, Place
from loopcheck.source import calls, modules, parsed_files, project_files
from loopcheck.source.assignments import assignments_in
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import calls_in, names_in, results_of
from loopcheck.source.statements import executed_statements
from loopcheck.source.values import lifecycle_methods, meaning

_WITH = (ast.With, ast.AsyncWith)

Way = Literal["call", "block", "returned"]


@dataclass(frozen=True)
class Ending:
    """The line that closed an object."""

    done: DoneAt
    surely: bool = True  # it has run, and it closes the object
    # Before the failing line a call, or a block that is over; or a function returned it closed.
    way: Way | None = None
    part: str | None = None  # what came from the object, and is used: "response"


def of(link: failure.Link) -> Closed | None:
    """Return the object that raised the error of *link*, if its class shows that it is closed."""
    for thing, attribute in refusals.of(link):
        if refusals.ends(thing, link):
            return None
        writers = lifecycle_methods.writers(thing, attribute)
        methods = frozenset(filter(lifecycle_methods.closes, writers))
        if methods:
            return Closed(
                thing=thing,
                methods=methods,
                openers=lifecycle_methods.changers(thing, attribute),
                others=frozenset(filter(_is_public, writers - methods)),
                maybe_new=lifecycle_methods.is_new(thing, attribute) is True,
            )
    return _written_in_c(link)


def _written_in_c(link: failure.Link) -> Closed | None:
    """Return the object of which the failing line called a method in C, if the error says why.

    A socket, a file, or a connection of sqlite3: no text of its class shows that it is closed.
    """
    if not link.trace or not _refuses_closed(link.error):
        return None
    last = link.trace[-1]
    for call in calls_in(*last.source.nodes()):
        if not isinstance(call.func, ast.Attribute):
            continue
        thing = meaning.of(call.func.value, last.frame)
        if not meaning.known(thing) or objects.is_mock(thing):
            continue
        kind = type(thing)
        names = (name for one in objects.mro(kind) for name in objects.class_dict(one))
        closing = frozenset(filter(lifecycle_methods.closes, names))
        is_in_c = type(objects.class_attribute(kind, call.func.attr)) is MethodDescriptorType
        if closing and is_in_c and call.func.attr not in closing:
            return Closed(thing, closing, frozenset(), frozenset(), maybe_new=False)
    return None


def _refuses_closed(error: BaseException) -> bool:
    return _says_closed(error) or (type(error) is OSError and error.errno == errno.EBADF)


def _is_public(method: str) -> bool:
    return not method.startswith("_")


def ending(
    closed: Closed, kept: Kept, steps: Sequence[failure.Step], item: Any, labels: Labels
) -> Ending | None:
    """Return the line that closed the object, None if it is not known or was not the last word."""
    way: Way
    for step in steps:
        found = earlier_closings.last_before(step, closed)
        if found is not None and found.opened_again:
            return None
        if found is not None:
            own = found.code is step.frame.f_code
            way = "block" if found.is_block else "call"
            return Ending(DoneAt(place=_place(found, labels)), found.surely, way if own else None)
    provided = list(providers.of_fixture(kept, item))
    for provider in (*provided, *_makers(closed, steps)):
        inside = _closed_inside(provider, closed)
        if inside is not None:
            done = DoneAt(place=_place(inside, labels), fixture=provider.fixture)
            way = "call" if provider.fixture is not None and not inside.is_block else "returned"
            return Ending(done, inside.surely, way)
    if closed.maybe_new and not any(one.may_open(closed.openers) for one in provided):
        return None
    only = _only_line(kept, closed, steps, item, labels)
    return Ending(only, surely=False) if only is not None else None


def _place(closing: Closing, labels: Labels) -> Place:
    code = closing.code
    return Place(labels.file(code.co_filename), closing.line, code.co_name)


# In the function that made it


def left_by_its_maker(link: failure.Link, labels: Labels) -> tuple[object, Ending] | None:
    """Return what the failing line calls, if a function returned it from inside of its block.

    The library need not say that it is closed: it fails in a call of what its block has ended.
    """
    step = link.user
    if step is None or link.trace[-1].owner != "library":
        return None
    for call in calls_in(*step.source.nodes()):
        owner = call.func.value if isinstance(call.func, ast.Attribute) else None
        thing = meaning.of(owner, step.frame) if owner is not None else objects.UNKNOWN
        if not meaning.known(thing) or objects.users_class(type(thing)) is not None:
            continue
        closed = Closed(thing, frozenset(), frozenset(), frozenset(), maybe_new=False)
        for provider in _makers(closed, [step]):
            inside = _closed_inside(provider, closed)
            if inside is not None:
                done = DoneAt(place=_place(inside, labels))
                return thing, Ending(done, surely=False, way="returned")
    return None


def left_by_a_block(link: failure.Link, labels: Labels) -> tuple[object, Ending] | None:
    """Return what a block has closed above the failing line, if that uses what came from it.

    `response` of `session.get(…)`, read below the block of the session. The error says that
    something is closed.
    """
    step = link.user
    if step is None or link.trace[-1].owner != "library" or not _says_closed(link.error):
        return None
    block = parsed_files.function_of(step.frame.f_code)
    used = {root for call in calls_in(*step.source.nodes()) if (root := _root(call)) is not None}
    for over in executed_statements.blocks_over(block.body, step.line) if block else ():
        came = {
            name: _root(value.value if isinstance(value, ast.Await) else value)
            for one in assignments_in(*over.body)
            if one.how == "assigned" and isinstance(value := one.value, ast.Await | ast.Call)
            for name in names_in(one.target)
        }
        for item in over.items:
            match item.optional_vars or item.context_expr:
                case ast.Name(id=name) as variable:
                    thing = meaning.of(variable, step.frame)
                    part = next((one for one in used if came.get(one) == name), None)
                    if (part or name in used) and _is_of_library(thing, link):
                        code = step.frame.f_code
                        place = Place(labels.file(code.co_filename), over.lineno, code.co_name)
                        done = DoneAt(place=place)
                        return thing, Ending(done, surely=False, way="block", part=part)
    return None


def _root(call: ast.expr | None) -> str | None:
    """Return the name that *call* begins with: "response" of `response.content.read()`."""
    node = call.func if isinstance(call, ast.Call) else None
    while isinstance(node, ast.Attribute):
        node = node.value
        if isinstance(node, ast.Name):
            return node.id
    return None


def _says_closed(error: BaseException) -> bool:
    kind = objects.type_name(error).rpartition(".")[2]
    return "closed" in f"{kind} {objects.said(error)}".lower()


def _is_of_library(thing: object, link: failure.Link) -> bool:
    """Return whether the library that raised the error of *link* has the class of *thing*."""
    if not meaning.known(thing) or objects.users_class(type(thing)) is not None:
        return False
    package = objects.module_of(type(thing)).partition(".")[0]
    return any(one.module.partition(".")[0] == package for one in link.trace)


def _makers(closed: Closed, steps: Sequence[failure.Step]) -> Iterator[Provider]:
    """Yield the functions whose result *steps* have assigned to a name of the object."""
    for step in steps:
        block = parsed_files.function_of(step.frame.f_code)
        for ran in executed_statements.before(block.body, step.line) if block is not None else ():
            match ran:
                case ast.Assign(targets=[target], value=value):
                    if meaning.of(target, step.frame) is not closed.thing:
                        continue
                    call = value.value if isinstance(value, ast.Await) else value
                    called = meaning.of(call.func, step.frame) if isinstance(call, ast.Call) else 0
                    function = objects.function_of(called)
                    if function is not None and _is_users(function):
                        yield Provider(function, closed.thing)


def _is_users(function: FunctionType) -> bool:
    return project_files.owner(function.__code__.co_filename) == "user"


def _closed_inside(provider: Provider, closed: Closed) -> Closing | None:
    """Return what has closed the result of *provider* in it: a call, or a block that is over."""
    block = provider.block
    results = list(results_of(block))
    if block is None or len(results) != 1:
        return None
    line, code = results[0].lineno, provider.function.__code__
    found = earlier_closings.last_in(block, line, provider.names, code, closed)
    if found is not None or list(results_of(block, (ast.Yield,))):
        return found
    for one in executed_statements.before(block.body, line):  # to return from a block ends it
        if isinstance(one, ast.withitem):
            name = one.optional_vars or one.context_expr
            if provider.means(name) is closed.thing:
                return Closing(line, code, name.lineno, surely=True, is_block=True)
    return None


# Anywhere


def _only_line(
    kept: Kept, closed: Closed, steps: Sequence[failure.Step], item: Any, labels: Labels
) -> DoneAt | None:
    """Return the only line of the project that closes something of the object's name.

    None if it can't have run yet: its function is still at a line of *steps*, or it is the clean-up
    of the fixture that provides the object.
    """
    last = kept.subject.name.rpartition(".")[2]
    files = dict.fromkeys((*(one.frame.f_code.co_filename for one in steps), *modules.files()))
    if any(True for file in files for _ in _calls_on(file, last, closed.others)):
        return None
    found = [
        done
        for file in files
        for line in (*_calls_on(file, last, closed.methods), *_blocks_on(file, last))
        if (done := _done_at(file, line, kept, steps, item, labels)) is not None
    ]
    return found[0] if len(found) == 1 else None


def _done_at(
    file: str, line: int, kept: Kept, steps: Sequence[failure.Step], item: Any, labels: Labels
) -> DoneAt | None:
    """Return that line with its function and fixture, None if it can't have run yet."""
    around = next(iter(parsed_files.enclosing(file, line)), None)
    fixture = (
        connection_names.fixture_at(file, around.lineno, item, labels)
        if around is not None and item is not None
        else None
    )
    if fixture is None and any(results_of(around, (ast.Yield,))):
        return None  # the clean-up of a generator: who ended that is the question
    if around is not None and any(_runs(step, file, around) for step in steps):
        return None
    if fixture is not None and fixture == kept.fixture:
        return None
    place = Place(labels.file(file), line, around.name if around is not None else None)
    return DoneAt(place=place, fixture=fixture)


def _runs(step: failure.Step, file: str, function: Def) -> bool:
    code = step.frame.f_code
    own = parsed_files.function_of(code)
    return code.co_filename == file and own is not None and own.lineno == function.lineno


def _calls_on(file: str, name: str, methods: frozenset[str]) -> Iterator[int]:
    """Yield the lines of *file* that call one of *methods* on something of that *name*."""
    for call in calls_in(_tree(file, name)):
        match call.func:
            case ast.Attribute(value=owner, attr=method) if method in methods:
                if _is_of(owner, name) or _is_assigned(owner, name, file):
                    yield call.lineno


def _blocks_on(file: str, name: str) -> Iterator[int]:
    """Yield the lines of *file* that begin a block of something of that *name*."""
    tree = _tree(file, name)
    for node in parsed_files.statements(tree) if tree is not None else ():
        if isinstance(node, _WITH):
            entered = [one.optional_vars or one.context_expr for one in node.items]
            yield from (node.lineno for one in entered if _is_of(one, name))


def _is_of(node: ast.expr, name: str) -> bool:
    """Return whether *node* is of that *name*: a call, if a function has cached the object."""
    function = _cached_by(name)
    if function is None:
        return calls.last(node) == name
    made = node.value if isinstance(node, ast.Await) else node
    return isinstance(made, ast.Call) and calls.last(made.func) == function


def _is_assigned(node: ast.expr, name: str, file: str) -> bool:
    """Return whether *node* is a local name, and its function assigns that a call's result."""
    if not isinstance(node, ast.Name) or _cached_by(name) is None:
        return False
    given = assignments_in(*parsed_files.enclosing(file, node.lineno)[:1])
    values = [one.value for one in given if one.sets(node.id)]
    return len(values) == 1 and _is_of(values[0], name)


def _cached_by(name: str) -> str | None:
    """Return the function in "shared_client()" or "client_of(…)", None if *name* is no call."""
    return name[: name.rindex("(")] if name.endswith(("()", objects.UNNAMED)) else None


def _tree(file: str, name: str) -> ast.Module | None:
    written = _cached_by(name) or name
    return parsed_files.tree(file) if written in parsed_files.text(file) else None
