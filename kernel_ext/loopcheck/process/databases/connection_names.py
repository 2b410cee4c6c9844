"""The name that your code gives to a pool, connection or session of a failing line."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from loopcheck.labels import Labels
from loopcheck.process import failure, object_makers, object_names, objects
from loopcheck.records import DoneAt, Kept, Place, Subject
from loopcheck.runner import fixture_tables, fixtures
from loopcheck.source import parsed_files, user_code
from loopcheck.source.nodes import results_of

USER_FRAMES = 8
PROXY = "asyncpg.pool.PoolConnectionProxy"


def passed_on(error: BaseException) -> Iterator[failure.Link]:
    """Yield *error* and the errors that it was raised from, not those caught before it."""
    links = tuple(failure.chain(error))
    allowed = {id(error)}
    for link in links:
        if id(link.error) not in allowed:
            continue
        yield link
        now = link.error
        if objects.is_a(now, BaseExceptionGroup):
            allowed.update(id(one) for one in now.exceptions)
        if now.__cause__ is not None:
            allowed.add(id(now.__cause__))
        elif now.__context__ is not None and _librarys(link):
            allowed.add(id(now.__context__))
        allowed.update(map(id, link.given_up))


def _librarys(link: failure.Link) -> bool:
    """Return whether a library raised it: then the error that the library caught is the cause."""
    last = link.trace[-1] if link.trace else None
    return failure.passed_on(link) or (last is not None and last.owner == "library")


def used_at(link: failure.Link, labels: Labels) -> Place | None:
    """Return the innermost line of user code in the error of *link*."""
    step = link.user
    return step.place(labels) if step is not None else None


def roots(steps: Sequence[failure.Step], item: Any) -> list[object_names.Root]:
    """Return the names to search from: the test's fixtures, and the locals of user frames."""
    found = list(fixtures.roots(item)) if item is not None else []
    for step in steps[:USER_FRAMES]:
        found += object_names.roots_of(step.frame, step.line)
    return found


def lent(thing: object, steps: Sequence[failure.Step]) -> list[object]:
    """Return the asyncpg proxies that stand for the connection *thing* in user frames.

    By now the pool may have it back, or be closed. Then a proxy counts only if it is the only one.
    """
    values = [value for step in steps[:USER_FRAMES] for value in step.frame.f_locals.values()]
    proxies = {id(one): one for one in values if objects.type_name(one) == PROXY}
    of_it = [one for one in proxies.values() if _connection_of(one) is thing]
    return of_it or (list(proxies.values()) if len(proxies) == 1 else [])


def _connection_of(proxy: object) -> object:
    return objects.peek(objects.peek(proxy, "_holder"), "_con")


def named(
    targets: Sequence[object], steps: Sequence[failure.Step], item: Any, labels: Labels
) -> Kept:
    """Return the first name in user code for one of *targets*."""
    known = roots(steps, item)
    # A pool leads to every connection it has lent: a direct name says more than the pool's name.
    direct = [root for root in known if any(root.value is one for one in targets)]
    way = object_names.find(direct or known, targets)
    if (
        way is not None
        and way.root.keeper == "argument"
        and object_names.kept_at(way, labels) is None
    ):
        # An argument only passes it on: the caller may have the line that made it.
        way = object_names.find([one for one in direct if one.keeper != "argument"], targets) or way
    if way is None:
        searched = {step.frame.f_code.co_filename for step in steps[:USER_FRAMES]}
        way = object_names.find(object_names.other_globals(searched), targets)
    if way is None:
        kind = objects.type_name(targets[0])
        return Kept(subject=Subject(name=kind.rpartition(".")[2], type=kind))
    return _kept(way, item, labels)


def named_for_all(
    targets: Sequence[object], steps: Sequence[failure.Step], item: Any, labels: Labels
) -> Kept | None:
    """Return the name of one of *targets* that outlives a test, None if there is none.

    What an earlier test has used did not come into being with a local name of this one.
    """
    wide = [root for root in roots(steps, item) if root.wide]
    searched = {step.frame.f_code.co_filename for step in steps[:USER_FRAMES]}
    way = object_names.find(wide, targets)
    way = way or object_names.find(object_names.other_globals(searched), targets)
    return _kept(way, item, labels) if way is not None else None


def _kept(way: object_names.Way, item: Any, labels: Labels) -> Kept:
    fixture = _fixture(way.root, item, labels)
    definition = fixtures.definitions(item).get(fixture or "") if item is not None else None
    path = way.path if way.path != way.name else None
    own = fixture is not None and way.root.keeper == "local" and definition is not None
    own = own and way.state is None  # else the fixture made the application: name what filled it
    name = way.name
    if own and fixture is not None and _gives(way.root):
        name = fixture + name.removeprefix(way.root.name)  # as tests name it, also in its teardown
        path = fixture + path.removeprefix(way.root.name) if path is not None else None
    return Kept(
        subject=Subject(name=name, type=objects.type_name(way.things[0]), path=path),
        keeper="fixture" if own else way.root.keeper,
        fixture=fixture,
        scope=str(definition.scope) if definition is not None else None,
        kept_at=fixtures.place(definition, labels) if own else object_names.kept_at(way, labels),
        made_at=object_makers.made_at(way, labels),
    )


def of_modules(
    target: object, steps: Sequence[failure.Step], item: Any, labels: Labels
) -> Kept | None:
    """Return the name that *target* has in a module outside the files of *steps*."""
    searched = {step.frame.f_code.co_filename for step in steps[:USER_FRAMES]}
    way = object_names.find(object_names.other_globals(searched), [target])
    return _kept(way, item, labels) if way is not None else None


def _gives(root: object_names.Root) -> bool:
    """Return whether the function of *root* yields or returns the variable of that name."""
    function = parsed_files.function_at(root.filename, root.line)
    return any(isinstance(one, ast.Name) and one.id == root.name for one in results_of(function))


def _fixture(root: object_names.Root, item: Any, labels: Labels) -> str | None:
    if root.keeper == "fixture":
        return root.name
    if root.keeper not in ("local", "argument") or item is None:
        return None
    return fixture_at(root.filename, root.line, item, labels)


def fixture_at(filename: str, line: int, item: Any, labels: Labels) -> str | None:
    """Return the fixture of *item* whose function begins at *line*, with its decorators."""
    function = parsed_files.function_at(filename, line)
    if function is None:
        return None
    here = (labels.file(filename), function.lineno)
    for name, definition in fixtures.definitions(item).items():
        at = fixtures.place(definition, labels)
        if at is not None and (at.file, at.line) == here:
            return name
    return None


def done_at(
    lines: Iterable[tuple[Any, int, bool]],
    moment: int,
    tests: Sequence[str],
    item: Any,
    labels: Labels,
) -> DoneAt | None:
    """Return the innermost of *lines*, with the test that ran then and the fixture it is in."""
    steps = list(lines)
    if not steps:
        return None
    code, line, _ = steps[0]
    fixture = None
    for one, *_ in steps:
        fixture = fixture or _any_fixture(one, item, labels)
    test = tests[moment - 1] if 0 < moment <= len(tests) else None
    own = item is not None and test == str(item.nodeid)
    others = test is not None and item is not None and not own
    return DoneAt(
        place=Place(labels.file(code.co_filename), line, code.co_name),
        test=labels.node(test) if test is not None and not own else None,
        fixture=fixture,
        apart=others and not any(_lasts(one, item, labels) for one, *_ in steps),
    )


def _lasts(code: Any, item: Any, labels: Labels) -> bool:
    """Return whether *code* is a fixture that this test also uses, or that outlives a test."""
    if fixture_at(code.co_filename, code.co_firstlineno, item, labels) is not None:
        return True
    return any(one.scope != "function" for one in _fixtures_of(code, item))


def _any_fixture(code: Any, item: Any, labels: Labels) -> str | None:
    """Return the fixture, of this test or of any, whose function *code* is."""
    own = fixture_at(code.co_filename, code.co_firstlineno, item, labels) if item else None
    if own is not None:
        return own
    return next((str(one.argname) for one in _fixtures_of(code, item)), None)


def _fixtures_of(code: Any, item: Any) -> list[Any]:
    """Return the fixtures, of this test or of any, whose function *code* is."""
    session = getattr(item, "session", None)
    every = (
        one for name in fixture_tables.names(session) for one in fixture_tables.named(name, session)
    )
    return [one for one in every if user_code.fixture(one) is code]
