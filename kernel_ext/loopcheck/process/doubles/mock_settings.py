"""Where user code configures a mock's return value or side effect."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.process.doubles import doubles
from loopcheck.runner import fixtures
from loopcheck.source import definitions, parsed_files, user_code
from loopcheck.source.assignments import assigned_values
from loopcheck.source.failing_line import At, FileLine, Look, Stumble
from loopcheck.source.nodes import spans_line
from loopcheck.source.statements import result_settings


@dataclass(frozen=True)
class Setting:
    """A line such as `repo.get.return_value = None`, and the function that contains it."""

    line: FileLine
    function: ast.FunctionDef | ast.AsyncFunctionDef | None
    value: ast.expr


def settings(mock: object, attribute: str, look: Look) -> list[Setting]:
    """Return the lines that set `return_value` or `side_effect` of *mock*, nearest first."""
    way = list(doubles.up(mock))
    names = [step for _, step in way if step and step != doubles.RESULT]
    last = names[0] if names else ""
    made = next(filter(None, (look.made_at(one) for one, _ in way)), None)
    found = []
    for filename in dict.fromkeys((*_files(look), *((made[0],) if made else ()))):
        for value, line in result_settings.settings_in(filename, last, attribute):
            around = parsed_files.enclosing(filename, line)
            if _of_test(around, filename, line, look, made):
                found.append(Setting((filename, line), around[0] if around else None, value))
    return found


def _files(look: Look) -> Iterator[str]:
    if (code := user_code.test(look.item)) is not None:
        yield code.co_filename
    for definition in fixtures.definitions(look.item).values() if look.item is not None else ():
        if (code := fixtures.users_code(definition)) is not None:
            yield code.co_filename


def _of_test(
    around: list[ast.FunctionDef | ast.AsyncFunctionDef],
    filename: str,
    line: int,
    look: Look,
    made: FileLine | None,
) -> bool:
    """Return whether the line ran for this test: in it, in its fixtures, where it is created."""
    if not around:
        return True
    code = user_code.test(look.item)
    starts = {(code.co_filename, code.co_firstlineno)} if code is not None else set()
    for definition in fixtures.definitions(look.item).values() if look.item is not None else ():
        if (own := fixtures.users_code(definition)) is not None:
            starts.add((own.co_filename, own.co_firstlineno))
    for one in around:
        first = definitions.first_line(one)
        if (filename, first) in starts or (filename, one.lineno) in starts:
            return True
        here = made is not None and made[0] == filename
        if here and made and spans_line(one, made[1]):
            return True
        if one.name in ("setUp", "asyncSetUp", "setup_method"):
            return True
    return False


def none(error: BaseException, last: At, look: Look) -> Iterator[Stumble]:
    """Yield the mock that was configured to return None, where the failing line needs more."""
    if last.owner != "user" or not isinstance(last.node, ast.Attribute | ast.Subscript):
        return
    if objects.is_a(error, AttributeError) and AttributeError.__dict__["obj"].__get__(error):
        return
    node = _made_by(last.node.value, last)
    made = node.value if isinstance(node, ast.Await) else node
    mock = doubles.mock_of(last.mean(made.func)) if isinstance(made, ast.Call) else None
    if mock is None or doubles.given(mock) is not None or not doubles.calls(mock):
        return
    for one in settings(mock, "return_value", look):
        said = isinstance(one.value, ast.Constant) and one.value.value is None
        if said and not _meant(one, last, look):
            yield Stumble(
                double=mock, wanted="value", node=node, at=last, got=None, set_at=one.line
            )
            return


def _made_by(node: ast.expr, where: At) -> ast.expr:
    """Return the expression whose value was assigned to a name, else *node*."""
    given = assigned_values(node.id, where.function) if isinstance(node, ast.Name) else []
    return given[0] if given else node


def _meant(setting: Setting, last: At, look: Look) -> bool:
    """Return whether the test itself set None to see how the code handles it."""
    code = user_code.test(look.item)
    if code is None or setting.function is None:
        return False
    own = parsed_files.function_of(code) is setting.function
    return own and last.frame.f_code is not code
