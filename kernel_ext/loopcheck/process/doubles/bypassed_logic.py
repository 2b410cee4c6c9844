"""The double that replaces the code that would have done what the test checks."""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Iterator
from types import CodeType, FrameType, FunctionType, MethodType, TracebackType
from typing import Any

from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.process.doubles import doubles, passed_doubles, reached_lines
from loopcheck.process.frames import module_of
from loopcheck.process.objects import UNKNOWN
from loopcheck.process.pending import premature_asserts
from loopcheck.process.stores import client_retries
from loopcheck.process.stores.client_retries import AGAIN
from loopcheck.source import (
    calls,
    effects,
    failing_line,
    lines,
    parsed_files,
    project_files,
    user_code,
)
from loopcheck.source.catching import expecting_blocks
from loopcheck.source.failing_line import At, FileLine, Look, Stumble
from loopcheck.source.nodes import (
    contains,
    has_node,
    head_spans_line,
    names_in,
    nodes_of,
    spans_line,
)
from loopcheck.source.values import meaning

BREAKS = re.compile("breaker|circuit", re.IGNORECASE)
COUNTS = frozenset({"range", "count", "repeat"})
KEPT = 40  # names of one frame to look into


@dataclass(frozen=True, eq=False)
class Replaced:
    """A function in user code that did not run. Lives only while a probe runs."""

    double: object
    original: FunctionType
    of: object  # the object it would have been called on
    site: FileLine | None = None  # the line that patches
    over: bool = False  # the patch had ended when the test failed


def read(error: BaseException, trace: list[TracebackType], look: Look) -> Iterator[Stumble]:
    """Yield the double that replaces the layer that the test is about."""
    users = failing_line.users_of(trace)
    if not users:
        return
    frames = [one.tb_frame for one in users]
    raiser = _raiser(error, trace, look)
    always = _of_mock(trace)
    if always is not None and (found := _instead(error, always, users, look)) is not None:
        yield found
    elif raiser is not None:
        yield from _not_again(raiser, error, trace, look)
    elif always is not None:
        yield from _never_opens(always, users, look)
    elif (found := _not_passed_on(error, users, look)) is not None:
        yield found
    elif (asked := premature_asserts.asked(error)) is not None:
        yield from _skipped(asked, frames, look)
    elif (asked := premature_asserts.did_not_raise(error)) is not None:
        yield from _not_raised(asked, frames, look)


# A fault that a retry should have handled


def _raiser(error: BaseException, trace: list[TracebackType], look: Look) -> object | None:
    """Return the double that raised *error* once, and would have answered the next call."""
    last = trace[-1].tb_frame
    if doubles.is_mocks_code(last.f_code):
        mock = last.f_locals.get("self")
        more = doubles.effect(mock) if objects.is_mock(mock) else None
        lists = more is not None and objects.module_of(type(more)) == "builtins"
        left = operator.length_hint(more, 0) if lists else 0
        return mock if left and doubles.calls(mock) == 1 else None
    where = failing_line.at(trace[-1], look.stood)
    function = where.function
    if function is None or not isinstance(where.step, ast.Raise) or _inside(where.step, function):
        return None
    outer = trace[-2].tb_frame if len(trace) > 1 else None
    if outer is not None and doubles.is_mocks_code(outer.f_code):
        return outer.f_locals.get("self")  # its side effect
    return next((p.double for p in look.puts if _code(p.double) is last.f_code), None)


def _inside(step: ast.stmt, function: ast.AST) -> bool:
    """Return whether a fake always raises: then no retry would help."""
    return not any(contains(one, step) for one in nodes_of((ast.If, ast.IfExp), function))


def _code(double: object) -> CodeType | None:
    if type(double) is MethodType:
        double = double.__func__
    return double.__code__ if type(double) is FunctionType else None


def _not_again(
    double: object, error: BaseException, trace: list[TracebackType], look: Look
) -> Iterator[Stumble]:
    """Yield *double* if the function it replaced would have retried."""
    users = failing_line.users_of(trace)
    frames = [one.tb_frame for one in users]
    where = failing_line.at(users[-1], look.stood)
    if _code(double) is users[-1].tb_frame.f_code or _is_side_effect(double, users[-1]):
        where = failing_line.at(users[-2], look.stood) if len(users) > 1 else where
    if any(_tries(failing_line.at(one, look.stood)) for one in users) or _retrying(trace):
        return  # there was a retry, and it passed the error on
    for one in _replaced(frames, look):
        if one.double is double and (at := _retries(one.original)) is not None:
            yield _stumble(double, where, "tries again", one, at)
            return
    put = look.original(double)
    client = put.owner if put is not None else double
    made = client_retries.made_at(client, frames, error)
    words = made[1] if made is not None else None
    if made is not None and put is not None:
        words = client_retries.configured(client, error)
    if made is not None and words is not None:
        yield Stumble(
            double=double,
            wanted="layer",
            node=None,
            at=where,
            detail=words,
            layer_at=made[0],
            set_at=put.site[:2] if put is not None and put.site is not None else None,
        )


def _of_mock(trace: list[TracebackType]) -> object | None:
    """Return the mock that raised its side effect."""
    last = trace[-1].tb_frame
    mock = last.f_locals.get("self") if doubles.is_mocks_code(last.f_code) else None
    return mock if objects.is_mock(mock) else None


def _instead(
    error: BaseException, mock: object, users: list[TracebackType], look: Look
) -> Stumble | None:
    """Return the stumble of a test that calls the double, where the original handles the error."""
    frame = users[-1].tb_frame
    if frame.f_code is not user_code.test(look.item):
        return None
    names = {one.__name__ for one in objects.mro(type(error))} - {"BaseException", "object"}
    for one in _replaced([frame], look):
        if one.double is mock and (line := _handles(one.original, names)) is not None:
            words = f"catches `{type(error).__name__}`"
            return _stumble(mock, failing_line.at(users[-1], look.stood), words, one, line)
    return None


def _handles(function: FunctionType, names: set[str]) -> FileLine | None:
    """Return the line of an `except` that catches one of *names* and does not raise again."""
    code = function.__code__
    block = parsed_files.function_of(code)
    for node in nodes_of(ast.ExceptHandler, block):
        if node.type is not None:
            kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
            if not has_node(ast.Raise, *node.body) and any(_name(one) in names for one in kinds):
                return code.co_filename, node.lineno
    return None


def _never_opens(mock: object, users: list[TracebackType], look: Look) -> Iterator[Stumble]:
    """Yield *mock* if its original would have counted the errors, and refused by now."""
    frames = [one.tb_frame for one in users]
    for one in _replaced(frames, look) if doubles.calls(mock) > 1 else ():
        if one.double is mock and (line := _decorated(one.original, BREAKS)) is not None:
            yield _stumble(
                mock, failing_line.at(users[-1], look.stood), "counts failures and opens", one, line
            )
            return


def _decorated(function: FunctionType, words: re.Pattern[str]) -> FileLine | None:
    """Return the line of a decorator of *function* that contains one of *words*."""
    written = objects.function_of(function) or function
    code = written.__code__
    block = parsed_files.function_of(code)
    for one in block.decorator_list if block is not None else ():
        if words.search(ast.unparse(one)):
            return code.co_filename, one.lineno
    return None


def _is_side_effect(double: object, user: TracebackType) -> bool:
    return objects.is_mock(double) and _code(doubles.effect(double)) is user.tb_frame.f_code


def _retrying(trace: list[TracebackType]) -> bool:
    """Return whether a library's retry was in progress."""
    frames = [(one.tb_frame.f_code, module_of(one.tb_frame)) for one in trace]
    return any(
        project_files.owner(code.co_filename, module) == "library"
        and AGAIN.search(f"{module}.{code.co_qualname}")
        for code, module in frames
    )


def _tries(where: At) -> bool:
    """Return whether the line is in a `try` inside a loop."""
    if where.function is None:
        return False
    for loop in nodes_of((ast.While, ast.For, ast.AsyncFor), where.function):
        covers = spans_line(loop, where.line)
        if covers and has_node(ast.Try, loop):
            return True
    return False


def _retries(function: FunctionType) -> FileLine | None:
    """Return the line of a function that retries: its loop, or its decorator."""
    step: Any = function
    while type(step) is FunctionType:
        code = step.__code__
        block = parsed_files.function_of(code)
        for one in block.decorator_list if block is not None else ():
            if AGAIN.search(ast.unparse(one)):
                return code.co_filename, one.lineno
        for loop in nodes_of((ast.While, ast.For, ast.AsyncFor), block):
            if _does_again(loop):
                return code.co_filename, loop.lineno
        step = step.__dict__.get("__wrapped__")
    return None


def _does_again(loop: ast.While | ast.For | ast.AsyncFor) -> bool:
    """Return whether a `try` in *loop* repeats the same work, not the same for the next item."""
    tried = list(nodes_of(ast.Try, loop))
    if isinstance(loop, ast.While) or calls.last(getattr(loop.iter, "func", None)) in COUNTS:
        return bool(tried)
    each = names_in(loop.target)
    return any(each.isdisjoint(_names(one.body)) for one in tried)


def _names(body: list[ast.stmt]) -> set[str]:
    return names_in(*body)


# What the test checks, and no code did


def _not_passed_on(error: BaseException, users: list[TracebackType], look: Look) -> Stumble | None:
    """Return the double whose original would have called the mock that the test asserts about."""
    where = failing_line.at(users[-1], look.stood)
    counted = passed_doubles.uncalled(error, where)
    if counted is None:
        return None
    mock, said = counted
    for one in _replaced([user.tb_frame for user in users], look):
        gone = type(one.double) is doubles.Gone
        given = gone or (objects.is_mock(one.double) and one.double is not mock)
        if (
            given
            and (call := passed_doubles.call_of(mock, said, one.double, one.original)) is not None
        ):
            line = one.original.__code__.co_filename, call.lineno
            return _stumble(one.double, where, f"calls `{said}`", one, line)
    return None


def _skipped(
    asked: premature_asserts.Asked, frames: list[FrameType], look: Look
) -> Iterator[Stumble]:
    """Yield the double whose original would have changed what the failing line reads."""
    for one in _replaced(frames, look):
        if objects.is_mock(one.double) and not doubles.calls(one.double):
            continue
        if _was_to_fail(one):
            continue
        text = effects.common(asked.sight, _changes(one.original, one.of))
        stands_in = _behind(one.double)
        if text is None or (stands_in is not None and _same(asked, stands_in, one.of)):
            continue
        yield _stumble(one.double, _at(asked, look), f"changes `{text}`", one, _line(one.original))
        return


def _was_to_fail(one: Replaced) -> bool:
    """Return whether the patch is over, and its block expected an error.

    Then the double was that failure, and the original would not have done its work either.
    """
    around = parsed_files.standing_at(*one.site) if one.over and one.site is not None else ()
    patched = [
        each
        for each in around
        if isinstance(each, ast.With) and one.site and head_spans_line(each, one.site[1])
    ]
    return any(expecting_blocks.expects(each) for each in nodes_of(ast.With, *patched))


def _same(asked: premature_asserts.Asked, function: FunctionType, of: object) -> bool:
    """Return whether the double itself does what its original would have done."""
    return effects.common(asked.sight, _changes(function, of)) is not None


def _changes(function: FunctionType, of: object) -> effects.Sight:
    sight, code = effects.Sight(), function.__code__
    block = parsed_files.function_of(code)
    known = {"self": of} if of is not UNKNOWN else {}
    env = meaning.in_call(function, known)
    if block is not None:
        effects.changed_by(block.body, env, code, sight)
    return sight


def _behind(double: object) -> FunctionType | None:
    """Return the function in user code that runs in place of the original."""
    thing = doubles.effect(double) if objects.is_mock(double) else double
    return thing if type(thing) is FunctionType else None


def _not_raised(
    asked: premature_asserts.Asked, frames: list[FrameType], look: Look
) -> Iterator[Stumble]:
    """Yield the double whose original would have raised the expected error."""
    wanted = _expected(asked.step)
    for one in _replaced(frames, look):
        code = one.original.__code__
        block = parsed_files.function_of(code)
        called = not objects.is_mock(one.double) or doubles.calls(one.double)
        for node in nodes_of(ast.Raise, block if wanted and called else None):
            if node.exc is None or _name(node.exc) != wanted:
                continue
            if reached_lines.line(node, one.original, one.of, one.double):
                line = code.co_filename, node.lineno
                yield _stumble(one.double, _at(asked, look), f"raises `{wanted}`", one, line)
                return


def _expected(step: ast.stmt) -> str | None:
    for item in getattr(step, "items", ()):
        call = item.context_expr
        if isinstance(call, ast.Call) and ast.unparse(call.func).endswith("raises") and call.args:
            return _name(call.args[0])
    return None


def _name(node: ast.expr) -> str:
    node = node.func if isinstance(node, ast.Call) else node
    return ast.unparse(node).rpartition(".")[2]


# What was replaced


def _replaced(frames: list[FrameType], look: Look) -> Iterator[Replaced]:
    """Yield the functions of the code under test that a double replaces."""
    for put in look.puts:
        original = _own(put.original)
        if original is not None:
            of = put.owner if not objects.is_a(put.owner, dict) else UNKNOWN
            for each in _instances(of, frames):
                mock = doubles.mock_of(put.double)
                double = mock if mock is not None else put.double
                site = put.site[:2] if put.site else None
                yield Replaced(double, original, each, site, put.over)
    for thing in _things(frames):
        for key, double in list((objects.own_dict(thing) or {}).items()):
            attribute = str(key)
            kinds = (objects.class_dict(kind) for kind in objects.mro(type(thing)))
            original = _own(next((k[attribute] for k in kinds if attribute in k), None))
            plain = type(double) in (FunctionType, MethodType) or objects.is_mock(double)
            if original is not None and plain:
                yield Replaced(double, original, thing)


def _own(original: object) -> FunctionType | None:
    """Return *original* as a function in user code, None if it is itself a mock or fake."""
    thing: Any = original
    if type(thing) in (staticmethod, classmethod, MethodType):
        thing = thing.__func__
    if type(thing) is not FunctionType or doubles.mock_of(thing) is not None:
        return None
    written = objects.function_of(thing) or thing
    users = project_files.owner(written.__code__.co_filename) == "user"
    return thing if users and doubles.fake(thing, lambda _: False) is None else None


def _instances(of: object, frames: list[FrameType]) -> list[object]:
    """Return the objects of a class whose method was replaced, else *of*."""
    if not objects.is_a(of, type):
        return [of]
    return [one for one in _things(frames) if objects.is_a(one, of)] or [UNKNOWN]


def _things(frames: list[FrameType]) -> Iterator[object]:
    """Yield the user's objects that the frames name, and the objects that those keep."""
    seen: set[int] = set()
    for frame in frames:
        for value in list(frame.f_locals.values())[:KEPT]:
            for one in (value, *list(_fields(value).values())[:KEPT]):
                users = not objects.is_a(one, type) and objects.users_class(type(one)) is not None
                if users and id(one) not in seen and not objects.is_mock(one):
                    seen.add(id(one))
                    yield one


def _fields(thing: object) -> dict[object, object]:
    users = not objects.is_a(thing, type) and objects.users_class(type(thing)) is not None
    return (objects.own_dict(thing) or {}) if users and not objects.is_mock(thing) else {}


def _line(function: FunctionType) -> FileLine:
    return function.__code__.co_filename, function.__code__.co_firstlineno


def _at(asked: premature_asserts.Asked, look: Look) -> At:
    frame = asked.frame
    scope = doubles.Scope(meaning.own_names(frame), frame.f_globals, look.stood)
    return At(frame, asked.line, lines.Line(frame.f_code.co_filename, asked.line), scope)


def _stumble(
    double: object, where: At, words: str, replaced: Replaced, layer_at: FileLine
) -> Stumble:
    written = objects.function_of(replaced.original) or replaced.original
    name = written.__code__.co_qualname.rpartition("<locals>.")[2]
    return Stumble(
        double=double,
        wanted="layer",
        node=None,
        at=where,
        detail=words,
        skipped=name,
        layer_at=layer_at,
        set_at=replaced.site,
    )
