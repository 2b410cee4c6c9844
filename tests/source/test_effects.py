"""What lines read and change is told by their text and the objects there are. Nothing is run."""

import ast
import asyncio
import sys
import textwrap
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any
from unittest.mock import Mock

import pytest

from loopcheck.process.pending import abandoned_generators
from loopcheck.source import effects
from loopcheck.source.values import assertions

SHOP = """
import asyncio

total = 0

class Repository:
    def __init__(self):
        self.rows = {}

    @property
    def size(self):
        return len(self.rows)

    async def save(self, key, value):
        await asyncio.sleep(0)
        self.rows[key] = value

    def find(self, key):
        return self.rows.get(key)

class Service:
    def __init__(self, repository, mail):
        self.repository, self.mail, self.seen, self.state = repository, mail, [], "new"
        self.touched = False

    def __getattr__(self, name):
        raise RuntimeError("nobody may ask")

    async def place(self, key):
        global total
        await self.repository.save(key, 1)
        self.mail.send(key)
        self.seen.append(key)
        self.state = "placed"
        total += 1
        helper(self)

def helper(service):
    service.touched = True

async def after(service):
    while service.seen:
        service.seen.pop()
        await asyncio.sleep(0)
        service.state = "again"
    try:
        await asyncio.sleep(0)
        service.done = 1
    finally:
        service.closed = 1
    service.last = 1
"""


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    (tmp_path / "shop_under_test.py").write_text(SHOP)
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "shop_under_test", raising=False)
    return __import__("shop_under_test")


def code_of(text: str) -> tuple[ast.stmt, CodeType]:
    return ast.parse(text).body[0], compile(text, "test_it.py", "exec")


def common(module: ModuleType, line: str, does: str, env: dict[str, Any]) -> str | None:
    """Return the text in *line* that what stands in *does* would change."""
    space = {**vars(module), **env}
    step, code = code_of(line)
    read = effects.read_by([step], space, code)
    changed = effects.Sight()
    effects.changed_by([code_of(does)[0]], space, code, changed)
    return effects.common(read, changed)


@pytest.fixture
def service(shop: ModuleType) -> Any:
    return shop.Service(shop.Repository(), Mock())


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("service.seen == [1]", "service.seen"),
        ("service.state == 'placed'", "service.state"),
        ("service.repository.rows", "service.repository.rows"),
        ("service.repository.find(1) == 1", "service.repository.find(1)"),
        ("service.repository.size == 1", "service.repository.size"),
        ("service.mail.send.assert_called_once()", "service.mail.send"),
        ("service.mail.send.call_count == 1", "service.mail.send.call_count"),
        ("service.touched", "service.touched"),
        ("total == 1", "total"),
    ],
)
def test_what_a_method_changes_is_found_through_the_calls(
    shop: ModuleType, service: Any, line: str, said: str
) -> None:
    service.mail.send  # noqa: B018  (a mock has a child once it was asked for)
    assert said == common(shop, line, "service.place(1)", {"service": service})


@pytest.mark.parametrize(
    "line", ["other.seen == [1]", "service.name == 1", "1 == 2", "len('abc') == 2", "helper"]
)
def test_what_it_does_not_change_is_left_alone(shop: ModuleType, service: Any, line: str) -> None:
    other = shop.Service(shop.Repository(), Mock())
    env = {"service": service, "other": other}
    assert common(shop, line, "service.place(1)", env) is None


@pytest.mark.parametrize(("line", "said"), [("seen == [1]", "seen"), ("other == [1]", None)])
@pytest.mark.parametrize("handler", ["object", "method", "append"])
def test_whatever_was_handed_over_is_followed(
    shop: ModuleType, handler: str, line: str, said: str | None
) -> None:
    class Note:
        def __init__(self) -> None:
            self.seen: list[object] = []

        def __call__(self, event: object) -> None:
            self.seen.append(event)

    note = Note()
    called = {"object": note, "method": note.__call__, "append": note.seen.append}[handler]
    env = {"handler": called, "seen": note.seen, "other": list[object]()}
    assert common(shop, line, "handler(7)", env) == said


def test_reading_changes_nothing(shop: ModuleType, service: Any) -> None:
    env = {"rows": service.repository.rows, "service": service}
    assert common(shop, "rows == {}", "service.repository.find(1)", env) is None
    assert common(shop, "rows == {}", "rows.items()", env) is None
    assert common(shop, "rows == {}", "rows.update(a=1)", env) == "rows"
    assert common(shop, "rows['b'] == 1", "rows['b'] = 1", env) == "rows['b']"
    assert common(shop, "rows['b'] == 1", "rows['c'] = 1", env) is None
    assert common(shop, "rows == {}", "rows['c'] = 1", env) == "rows"
    assert common(shop, "rows['b'] == 1", "rows.clear()", env) == "rows['b']"


STATE = """
class State:
    room = property(lambda self: nobody_may_ask)

    def __init__(self):
        object.__setattr__(self, "_kept", {"seen": [], "room": []})

    def __getattr__(self, name):
        try:
            return self._kept[name]
        except KeyError:
            raise AttributeError(name)

    def __setattr__(self, name, value):
        self._kept[name] = value
"""


@pytest.mark.parametrize(
    ("name", "said"), [("seen", "state.seen"), ("room", None), ("other", None)]
)
def test_what_getattr_finds_in_a_dict_is_found_there(
    tmp_path: Path, shop: ModuleType, name: str, said: str | None
) -> None:
    file = tmp_path / "state.py"
    file.write_text(STATE)
    space: dict[str, Any] = {}
    exec(compile(STATE, str(file), "exec"), space)
    env = {"state": space["State"]()}
    assert common(shop, f"state.{name} == [1]", f"state.{name}.append(1)", env) == said


def lines_left(text: str, line: int) -> set[str]:
    function = ast.parse(textwrap.dedent(text)).body[0]
    assert isinstance(function, ast.FunctionDef)
    return {ast.unparse(one) for one in effects.rest(function.body, line)}


def test_what_is_still_to_run_stands_below_or_in_the_same_loop() -> None:
    text = """\
    def f():
        a()
        while True:
            b()
            wait()
        c()
        try:
            wait()
            d()
        except E:
            e()
        finally:
            g()
        h()
    """
    assert lines_left(text, 5) >= {"wait()", "c()", "h()"}
    assert "b()" not in lines_left(text, 5)
    assert lines_left(text, 8) == {"wait()", "d()", "g()", "h()"}
    assert lines_left(text, 14) == {"h()"}


@pytest.mark.parametrize(
    ("line", "passes"),
    [
        ("assert rows == [1, 'a']", True),
        ("assert rows == [1]", False),
        ("assert len(rows) == 2 and 'a' in rows", True),
        ("assert not rows", False),
        ("assert event.is_set()", True),
        ("assert mail.called and mail.call_count == 1", True),
        ("mail.assert_called_once()", True),
        ("mail.assert_awaited()", False),
        ("assert odd == 1", False),
        ("assert rows.pop() == 'a'", False),
        ("assert total(rows)", False),
    ],
)
def test_an_assert_is_worked_out_from_plain_values_alone(line: str, passes: bool) -> None:
    class Odd:
        def __eq__(self, other: object) -> bool:
            raise RuntimeError("nobody may ask")

        __hash__ = None  # type: ignore[assignment]

    event, mail = asyncio.Event(), Mock()
    event.set()
    mail("a")
    env = {"rows": [1, "a"], "event": event, "mail": mail, "odd": Odd(), "total": sum}
    assert assertions.now(code_of(line)[0], env) is passes


YIELDS = """
async def bare():
    try:
        before = 1
    finally:
        pass
    yield 1

async def ended():
    try:
        yield 1
    finally:
        close()

async def idle():
    with suppress(KeyError):
        yield 1

async def managed():
    async with connect() as c, suppress(KeyError):
        for one in c:
            yield one

async def caught():
    try:
        yield 1
    except GeneratorExit:
        close()
        raise

async def other():
    try:
        pass
    except KeyError:
        yield 1
    finally:
        pass
"""


def test_a_generator_cleans_up_if_something_around_its_yield_is_to_run(tmp_path: Path) -> None:
    file = tmp_path / "yields.py"
    file.write_text(YIELDS)
    space: dict[str, Any] = {}
    exec(compile(YIELDS, str(file), "exec"), space)
    lines = YIELDS.splitlines()
    found = {}
    for name, function in space.items():
        if name != "__builtins__":
            code = function.__code__
            first = code.co_firstlineno
            line = next(n for n in range(first, len(lines) + 1) if "yield" in lines[n - 1])
            found[name] = abandoned_generators.cleans_up(code, line)
    assert [name for name, cleans in found.items() if cleans] == ["ended", "managed", "caught"]
