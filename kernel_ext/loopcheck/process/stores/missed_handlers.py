"""An error that a handler missed because it names another class with a similar name.

People read names, `except` compares classes: we look at both.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence
from types import FrameType, ModuleType
from typing import Any, Literal, cast

from loopcheck.labels import Labels, plain
from loopcheck.light import dataclass
from loopcheck.process import failure, object_names, objects
from loopcheck.process.failure import Link, Step
from loopcheck.records import MissedError, Place
from loopcheck.runner import fixtures
from loopcheck.source import parsed_files, parsing, project_files
from loopcheck.source.catching import handlers
from loopcheck.source.nodes import body_spans_line
from loopcheck.source.values import handed_parameters, meaning

How = Literal["except", "raises", "suppress", "xfail", "isinstance", "decorator"]
Alike = Literal["name", "base", "kind", "file"]
CALLS: dict[str, How] = {
    "raises": "raises",
    "assertRaises": "raises",
    "assertRaisesRegex": "raises",
    "suppress": "suppress",
}
# Words in the names of library classes that mean the same as a built-in class.
KINDS = {
    TimeoutError: ("timeout", "timedout"),
    ConnectionError: ("connect", "network"),
}
LOCKS = frozenset({"valkey.lock", "valkey.asyncio.lock", "redis.lock", "redis.asyncio.lock"})
TOO_WIDE = (BaseException, Exception, BaseExceptionGroup, ExceptionGroup)


@dataclass(frozen=True, eq=False)
class Waiting:
    """A line that handles errors, and the classes that it names. Lives only during a look."""

    how: How
    line: int
    named: tuple[tuple[str, type], ...]
    group: bool = False  # `except*`


def read(links: Sequence[Link], item: Any, labels: Labels) -> MissedError | None:
    """Return the line that missed an error, though it handles one of that name."""
    for number, link in enumerate(links):
        # An earlier error was caught somewhere: it passed only the lines inside that.
        steps = link.trace[-_own(link.error) :] if number else link.trace
        found = _gone_past(steps, link, labels)
        if found is None and not number:
            found = _asserted(link, labels) or _marked(link, item, labels)
        if found is not None:
            return found
        if not failure.passed_on(link):
            return None  # it failed for its own reason; the errors behind it were handled before
    return None


def _own(error: BaseException) -> int:
    """Return how many frames *error* itself passed through."""
    count, trace = 0, error.__traceback__
    while trace is not None:
        count, trace = count + 1, trace.tb_next
    return max(1, count)


def _gone_past(steps: Sequence[Step], link: Link, labels: Labels) -> MissedError | None:
    lines: dict[object, tuple[Step, Step | None]] = {}  # a recursion repeats one a thousand times
    for step, caller in zip(reversed(steps), (*reversed(steps[:-1]), None), strict=True):
        lines.setdefault((step.frame.f_code, step.line), (step, caller))
    for step, caller in lines.values():
        for waiting in _on_the_way(step, caller):
            if any(_catches(k, e) for _, k in waiting.named for e in _each(waiting, link.error)):
                return None  # it was caught there, and raised again
            found = _missed(waiting, step, link, labels)
            if found is not None:
                return found
    return None


def _each(waiting: Waiting, error: BaseException) -> Iterator[BaseException]:
    return objects.parts(error) if waiting.group else iter((error,))


# Lines that handle errors


def _on_the_way(step: Step, caller: Step | None) -> Iterator[Waiting]:
    """Yield the handlers for errors of *step*, innermost first; *caller* called its function."""
    if step.owner != "user":
        return
    yield from _around(step)
    if caller is not None and caller.owner == "library":
        yield from _over(step)


def _over(step: Step) -> Iterator[Waiting]:
    """Yield the library decorators over the function of *step* that receive error classes."""
    code = step.frame.f_code
    function = parsed_files.function_of(code)
    for call in reversed(function.decorator_list if function is not None else ()):
        if not isinstance(call, ast.Call) or ast.unparse(call.func).startswith("pytest."):
            continue
        each = [_waiting("decorator", one.lineno, one, step.frame) for one in _handed(call)]
        known = [one for one in each if one is not None]
        if known:
            named = tuple(pair for one in known for pair in one.named)
            yield Waiting("decorator", known[0].line, named)


def _handed(node: ast.expr) -> Iterator[ast.expr]:
    """Yield what may name classes in a call, also nested: `retry_if_exception_type(OSError)`."""
    match node:
        case ast.Call(func=func, args=args, keywords=keywords) if "not_" not in ast.unparse(func):
            for one in (*args, *(keyword.value for keyword in keywords)):
                yield from _handed(one)
        case ast.BinOp(left=left, right=right):
            yield from _handed(left)
            yield from _handed(right)
        case ast.Name() | ast.Attribute() | ast.Tuple():
            yield node


def _around(step: Step) -> Iterator[Waiting]:
    """Yield the handlers around the failing line of *step*, innermost first."""
    file = step.frame.f_code.co_filename
    tree = parsed_files.tree(file)
    if tree is None:
        return
    functions = parsed_files.enclosing(file, step.line)
    inside = step.frame.f_code.co_name != "<module>" and functions
    body = functions[0].body if inside else tree.body
    for node in reversed(list(handlers.path_to(body, step.line))):
        yield from _waits(node, step)


def _waits(node: ast.stmt, step: Step) -> Iterator[Waiting]:
    if isinstance(node, ast.Try | ast.TryStar):
        group = isinstance(node, ast.TryStar)
        each = [_waiting("except", h.lineno, h.type, step.frame, group) for h in node.handlers]
        if all(one is not None for one in each) and not _bare(node):
            yield from (one for one in each if one is not None)
    elif isinstance(node, ast.With | ast.AsyncWith) and body_spans_line(node.body, step.line):
        for part in reversed(node.items):
            yield from _of_call(part.context_expr, step)
    elif isinstance(node, ast.Expr):
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(call, ast.Call) and len(call.args) > 1:  # raises(TimeoutError, get, "k")
            yield from _of_call(call, step)


def _bare(node: ast.Try | ast.TryStar) -> bool:
    return any(handler.type is None for handler in node.handlers)


def _of_call(call: ast.expr, step: Step) -> Iterator[Waiting]:
    if not isinstance(call, ast.Call):
        return
    name = ast.unparse(call.func).rpartition(".")[2]
    how = CALLS.get(name)
    if how is None:
        return
    given = call.args if how == "suppress" else call.args[:1]
    given = given or [k.value for k in call.keywords if k.arg == "expected_exception"]
    node = ast.Tuple(elts=list(given), ctx=ast.Load()) if len(given) != 1 else given[0]
    waiting = _waiting(how, call.lineno, node, step.frame)
    if waiting is not None:
        yield waiting


def _waiting(
    how: How, line: int, node: ast.expr | None, frame: FrameType, group: bool = False
) -> Waiting | None:
    """Return the classes that *node* names, None if one of them is unknown."""
    named: list[tuple[str, type]] = []
    todo = [node] if node is not None else []
    while todo:
        one = todo.pop(0)
        if isinstance(one, ast.Tuple):
            todo += one.elts
            continue
        found = meaning.of(one, frame)
        several = found if type(found) is tuple else (found,)
        for kind in several:
            if not _is_error(kind):
                return None
            named.append((ast.unparse(one), cast("type", kind)))
    return Waiting(how, line, tuple(named), group) if named else None


def _is_error(kind: object) -> bool:
    return objects.is_a(kind, type) and any(base is BaseException for base in objects.mro(kind))


# Handlers that missed the error


def _missed(waiting: Waiting, step: Step, link: Link, labels: Labels) -> MissedError | None:
    for error in _each(waiting, link.error):
        if any(_catches(kind, error) for _, kind in waiting.named):
            return None
        for written, kind in waiting.named:
            alike = _alike(kind, type(error), link, waiting.how)
            if alike is not None:
                place = _place(step, labels, waiting.line)
                return _record(waiting.how, written, kind, error, alike, place, step, link, labels)
    return None


def _catches(kind: type, error: object) -> bool:
    return any(base is kind for base in objects.mro(type(error)))


def _alike(expected: type, raised: type, link: Link, how: How) -> Alike | None:
    """Return how the two classes are similar, None if they are just different errors."""
    if any(expected is wide for wide in TOO_WIDE):
        return None
    both_users = _owner(expected) == _owner(raised) == "user"
    if _name(expected) == _name(raised):
        if both_users and _file(expected) == _file(raised) is not None:
            return "file" if objects.module_of(expected) != objects.module_of(raised) else None
        return "name" if not both_users or how == "raises" else None
    bases = [base for base in objects.mro(raised)[1:] if base not in TOO_WIDE]
    if not both_users and any(_name(base) == _name(expected) for base in bases):
        return "base"
    system = expected is OSError and how == "raises"
    if _owner(raised) == "library" and _same_kind(ConnectionError if system else expected, raised):
        return "kind"
    timeout = "TimeoutError" in (_name(base) for base in objects.mro(expected))
    return "kind" if timeout and _lock_was_taken(raised, link) else None


def _same_kind(expected: type, raised: type) -> bool:
    """Return whether a library's class means the same as a built-in one of another name."""
    if objects.module_of(expected) != "builtins":
        return False
    said = [_name(base).lower() for base in objects.mro(raised) if _owner(base) != "builtin"]
    for kind, words in KINDS.items():
        if any(base is kind for base in objects.mro(expected)):
            return any(word in name for name in said for word in words)
    return False


def _lock_was_taken(raised: type, link: Link) -> bool:
    """Return whether a client's lock could not be acquired in time: that is no TimeoutError."""
    last = link.trace[-1] if link.trace else None
    entered = last is not None and last.frame.f_code.co_name in ("__aenter__", "__enter__")
    return entered and last is not None and last.module in LOCKS and _name(raised) == "LockError"


def _name(kind: type) -> str:
    return str(type.__dict__["__name__"].__get__(kind))


def _owner(kind: type) -> Literal["builtin", "library", "user"]:
    module = objects.module_of(kind)
    if module == "builtins":
        return "builtin"
    file = project_files.module_file(module)
    users = objects.users_class(kind) is not None
    return "user" if users or (file and project_files.owner(file) == "user") else "library"


def _file(kind: type) -> str | None:
    return objects.users_class(kind) or project_files.module_file(objects.module_of(kind))


def _record(
    how: How,
    written: str,
    kind: type,
    error: BaseException,
    alike: Alike,
    place: Place,
    step: Step,
    link: Link,
    labels: Labels,
) -> MissedError:
    innermost = link.user
    return MissedError(
        expected=_dotted(kind),
        raised=_dotted(type(error)),
        written=plain(written),
        place=place,
        how=how,
        alike=alike,
        got_from=_import(written, step, labels),
        handed_at=handed_parameters.place(written, step, link.trace, labels),
        listed_at=_listed(written, step, labels),
        raised_at=_place(innermost, labels) if innermost is not None else None,
    )


def _dotted(kind: type) -> str:
    """Return the import path of *kind*: without private modules, if possible."""
    module, name = objects.module_of(kind), str(type.__dict__["__qualname__"].__get__(kind))
    if module == "builtins":
        return name
    parts = module.split(".")
    private = next((i for i, part in enumerate(parts) if part.startswith("_")), None)
    if private:
        public = sys.modules.get(".".join(parts[:private]))
        if type(public) is ModuleType and vars(public).get(name) is kind:
            return f"{'.'.join(parts[:private])}.{name}"
    return f"{module}.{name}"


def _import(written: str, step: Step, labels: Labels) -> Place | None:
    """Return the import in the file of *step* that binds the first name in *written*."""
    first = written.partition(".")[0]
    file = step.frame.f_code.co_filename
    for node in parsed_files.statements(
        parsed_files.tree(file) or ast.Module(body=[], type_ignores=[])
    ):
        if isinstance(node, ast.ImportFrom | ast.Import):
            for alias in node.names:
                if (alias.asname or alias.name.partition(".")[0]) == first:
                    return Place(labels.file(file), node.lineno)
    return None


def _listed(written: str, step: Step, labels: Labels) -> Place | None:
    """Return the line of user code that lists the classes, if *written* is a global tuple."""
    tree, file = parsing.parsed(written, "eval"), step.frame.f_code.co_filename
    node = tree.body if isinstance(tree, ast.Expression) else None
    if node is None or type(meaning.of(node, step.frame)) is not tuple:
        return None
    match node:
        case ast.Name(id=name) if name not in step.frame.f_locals:
            return object_names.global_line(file, name, labels)
        case ast.Attribute(value=owner, attr=name):
            module = meaning.of(owner, step.frame)
            there = vars(module).get("__file__") if type(module) is ModuleType else None
            if type(there) is str and project_files.owner(there) == "user":
                return object_names.global_line(there, name, labels)
    return None


def _attribute(thing: object, name: str) -> object:
    """Return the attribute *name*; `value` of pytest's ExceptionInfo is the caught error."""
    found = objects.attribute(thing, name)
    if found is objects.UNKNOWN and name == "value":
        caught = objects.peek(thing, "_excinfo")
        return caught[1] if type(caught) is tuple and len(caught) == 3 else found
    return found


def _place(step: Step, labels: Labels, line: int | None = None) -> Place:
    code = step.frame.f_code
    return Place(labels.file(code.co_filename), line or step.line, code.co_name)


# Tests that check the class themselves


def _asserted(link: Link, labels: Labels) -> MissedError | None:
    """Return the `isinstance` in a failing assertion that checks for the other class."""
    step = link.trace[-1] if link.trace else None
    if step is None or step.owner != "user" or not objects.is_a(link.error, AssertionError):
        return None
    for node in parsed_files.standing_at(step.frame.f_code.co_filename, step.line):
        if not isinstance(node, ast.Assert):
            continue
        for call in ast.walk(node.test):
            match call:
                case ast.Call(func=ast.Name(id="isinstance"), args=[asked, kinds]):
                    error = meaning.of(asked, step.frame, attribute=_attribute)
                    waiting = _waiting("isinstance", node.lineno, kinds, step.frame)
                    if waiting is not None and objects.is_a(error, BaseException):
                        of = Link(error, ())
                        found = _missed(waiting, step, of, labels)
                        if found is not None:
                            return found
    return None


def _marked(link: Link, item: Any, labels: Labels) -> MissedError | None:
    """Return the `xfail(raises=…)` of the test that names the other class."""
    for mark in item.iter_markers("xfail") if item is not None else ():
        kinds = mark.kwargs.get("raises")
        classes = [cast("type", kind) for kind in _flat(kinds) if _is_error(kind)]
        named = tuple((_name(kind), kind) for kind in classes)
        if not named or any(_catches(kind, link.error) for _, kind in named):
            continue
        step = link.users[-1] if link.users else None
        place = _decorator(item, labels)
        for written, kind in named if step is not None and place is not None else ():
            alike = _alike(kind, type(link.error), link, "xfail")
            if alike is not None and step is not None and place is not None:
                return _record("xfail", written, kind, link.error, alike, place, step, link, labels)
    return None


def _flat(kinds: object) -> tuple[object, ...]:
    return kinds if type(kinds) is tuple else (kinds,)


def _decorator(item: Any, labels: Labels) -> Place | None:
    """Return the line of the decorator that marks the test, else its `def`."""
    test = fixtures.read_test(item, "call", labels).place
    code = getattr(getattr(item, "function", None), "__code__", None)
    function = parsed_files.function_of(code) if code else None
    for one in function.decorator_list if function is not None else ():
        if "xfail" in ast.unparse(one) and code is not None:
            return Place(labels.file(code.co_filename), one.lineno, code.co_name)
    return test
