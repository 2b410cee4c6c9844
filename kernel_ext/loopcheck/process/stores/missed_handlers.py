"""An error that a handler missed because it names another class with a similar name.

People read names, `except` compares classes: we look at both.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any, Literal

from loopcheck.labels import Labels, plain
from loopcheck.process import failure, object_names, objects
from loopcheck.process.errors import expected_errors
from loopcheck.process.failure import Link, Step
from loopcheck.records import MissedError, Place
from loopcheck.source import parsed_files, parsing, project_files
from loopcheck.source.nodes import calls_in
from loopcheck.source.values import handed_parameters, meaning

Alike = Literal["name", "base", "kind", "file"]
# Words in the names of library classes that mean the same as a built-in class.
KINDS = {
    TimeoutError: ("timeout", "timedout"),
    ConnectionError: ("connect", "network"),
}
LOCKS = frozenset({"valkey.lock", "valkey.asyncio.lock", "redis.lock", "redis.asyncio.lock"})
TOO_WIDE = (BaseException, Exception, BaseExceptionGroup, ExceptionGroup)


def read(links: Sequence[Link], item: Any, labels: Labels) -> MissedError | None:
    """Return the line that missed an error, though it handles one of that name."""
    for number, link in enumerate(links):
        # An earlier error was caught somewhere: it passed only the lines inside that.
        steps = expected_errors.own_steps(link) if number else link.trace
        found = _gone_past(steps, link, labels)
        if found is None and not number:
            found = _asserted(link, labels) or _marked(link, item, labels)
        if found is not None:
            return found
        if not failure.passed_on(link):
            return None  # it failed for its own reason; the errors behind it were handled before
    return None


def _gone_past(steps: Sequence[Step], link: Link, labels: Labels) -> MissedError | None:
    lines: dict[object, tuple[Step, Step | None]] = {}  # a recursion repeats one a thousand times
    for step, caller in zip(reversed(steps), (*reversed(steps[:-1]), None), strict=True):
        lines.setdefault((step.frame.f_code, step.line), (step, caller))
    for step, caller in lines.values():
        for waiting in expected_errors.on_the_way(step, caller):
            if any(
                expected_errors.catches(k, e)
                for _, k in waiting.named
                for e in _each(waiting, link.error)
            ):
                return None  # it was caught there, and raised again
            found = _missed(waiting, step, link, labels)
            if found is not None:
                return found
    return None


def _each(waiting: expected_errors.Waiting, error: BaseException) -> Iterator[BaseException]:
    return objects.parts(error) if waiting.group else iter((error,))


# Handlers that missed the error


def _missed(
    waiting: expected_errors.Waiting, step: Step, link: Link, labels: Labels
) -> MissedError | None:
    for error in _each(waiting, link.error):
        if any(expected_errors.catches(kind, error) for _, kind in waiting.named):
            return None
        for written, kind in waiting.named:
            alike = _alike(kind, type(error), link, waiting.how)
            if alike is not None:
                place = expected_errors.place_of(step, labels, waiting.line)
                return _record(waiting.how, written, kind, error, alike, place, step, link, labels)
    return None


def _alike(expected: type, raised: type, link: Link, how: expected_errors.How) -> Alike | None:
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
    how: expected_errors.How,
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
        expected=expected_errors.import_path(kind),
        raised=expected_errors.import_path(type(error)),
        written=plain(written),
        place=place,
        how=how,
        alike=alike,
        got_from=_import(written, step, labels),
        handed_at=handed_parameters.place(written, step, link.trace, labels),
        listed_at=_listed(written, step, labels),
        raised_at=expected_errors.place_of(innermost, labels) if innermost is not None else None,
    )


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


# Tests that check the class themselves


def _asserted(link: Link, labels: Labels) -> MissedError | None:
    """Return the `isinstance` in a failing assertion that checks for the other class."""
    step = link.trace[-1] if link.trace else None
    if step is None or step.owner != "user" or not objects.is_a(link.error, AssertionError):
        return None
    for node in parsed_files.standing_at(step.frame.f_code.co_filename, step.line):
        if not isinstance(node, ast.Assert):
            continue
        for call in calls_in(node.test):
            match call:
                case ast.Call(func=ast.Name(id="isinstance"), args=[asked, kinds]):
                    error = meaning.of(asked, step.frame, attribute=_attribute)
                    waiting = expected_errors.read_classes(
                        "isinstance", kinds, step.frame, node.lineno, node.lineno
                    )
                    if waiting is not None and objects.is_a(error, BaseException):
                        of = Link(error, ())
                        found = _missed(waiting, step, of, labels)
                        if found is not None:
                            return found
    return None


def _marked(link: Link, item: Any, labels: Labels) -> MissedError | None:
    """Return the `xfail(raises=…)` of the test that names the other class."""
    for classes in expected_errors.xfail_classes(item):
        named = tuple((_name(kind), kind) for kind in classes)
        if any(expected_errors.catches(kind, link.error) for kind in classes):
            continue
        step = link.users[-1] if link.users else None
        place = expected_errors.xfail_place(item, labels)
        for written, kind in named if step is not None and place is not None else ():
            alike = _alike(kind, type(link.error), link, "xfail")
            if alike is not None and step is not None and place is not None:
                return _record("xfail", written, kind, link.error, alike, place, step, link, labels)
    return None
