"""What an expression stands for: Python's own answer, ABSENT where Python raises, or UNKNOWN."""

import ast
import asyncio
import collections
import random
import sys
import types
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from typing import Any

import pytest
from odd_objects import NAMES, Descriptor, Emptied, Slotted, same, things

from loopcheck.process.doubles import doubles
from loopcheck.process.objects import ABSENT, UNKNOWN
from loopcheck.source.values import callees, meaning

pytestmark = pytest.mark.filterwarnings("ignore::SyntaxWarning")  # `None[0]`
SEEDS = range(4)
FAILS = (NameError, AttributeError, KeyError, IndexError)
RAISED = object()  # something else than what makes a name, an attribute or an entry absent
SPECIAL = (
    *("__getattr__", "__getattribute__", "__eq__", "__ne__", "__hash__", "__repr__", "__str__"),
    *("__bool__", "__len__", "__iter__", "__contains__", "__getitem__", "__index__", "__call__"),
    *("__get__", "__lt__", "__neg__", "__format__", "__dir__", "__missing__"),
)


class Spy:
    """Notes whatever is asked of it."""

    asked: list[str] = []  # noqa: RUF012


def _noting(name: str) -> Callable[..., Any]:
    def note(*args: object) -> Any:
        Spy.asked.append(name)
        return {"__hash__": 5, "__len__": 0, "__bool__": False, "__index__": 0}.get(name, "")

    return note


SpyMeta = type("SpyMeta", (type,), {name: _noting(name) for name in SPECIAL if name != "__call__"})
Spied: Any = type.__new__(SpyMeta, "Spied", (Spy,), {name: _noting(name) for name in SPECIAL})
SpyDict = type("SpyDict", (dict,), {name: _noting(name) for name in SPECIAL})
SpyList = type("SpyList", (list,), {name: _noting(name) for name in SPECIAL})


class Alike:
    """Has the hash of `"rows"`, and counts who compares it."""

    def __hash__(self) -> int:
        return hash("rows")

    def __eq__(self, other: object) -> bool:
        Spy.asked.append("compared")
        return False


class Holder:
    __hidden: object = "of the class"

    def __init__(self, held: object) -> None:
        self.rows = held
        self.x = {"rows": held, 0: None}
        self.__hidden = [held]


def world() -> list[object]:
    """Return objects of all kinds, and containers of them."""
    ones = [*things(), Spied(), Spied, Spy]
    rows = [None, ones[0], 0]
    keys = {"rows": None, 0: rows, b"x": 1, None: 2, -1: "last"}
    counted = collections.Counter(rows=1)
    return [
        *ones,
        *(rows, tuple(rows), keys, {Alike(): 1, "x": 2}, {"rows": Spied(), "x": keys}),
        *(collections.OrderedDict(rows=None), collections.defaultdict(list, rows=rows), counted),
        *(collections.deque(rows), SpyDict(rows=1), SpyList(rows), "text", {(1, 2): 3, "x": 0}),
        *(types.MappingProxyType(keys), collections.ChainMap(keys), [rows, keys], list[int]),
        *(Holder(rows), Holder(Spied()), Holder),
    ]


# Expressions

OWN = ("param", "local", "gone", "later", "held", "emptied", "shadow", "len", "int")
FREE = ("free", "late", "rows", "print")
SHARED = ("shared", "free_too", "missing", "none", "repr", "max", "__name__", "__debug__", "Holder")
KEYS = ("'rows'", "0", "1", "-1", "7", "b'x'", "None", "'missing'", "True", "param", "at", "2.0")


def expression(chance: random.Random, names: tuple[str, ...], depth: int = 0) -> str:
    """Return an expression as it may stand in a test."""
    kind = chance.random()
    if depth > 3 or kind < 0.25:
        return chance.choice(names)
    inner = expression(chance, names, depth + 1)
    if kind < 0.65:
        return f"{inner}.{chance.choice((*NAMES, '__hidden', '__eq__', '__len__'))}"
    if kind < 0.85:
        return f"{inner}[{chance.choice(KEYS)}]"
    made = (
        *("5", "'text'", "None", "-3", "()", f"[{inner}]", f"len({inner})", f"{inner} is None"),
        *(f"not {inner}", f"-{inner}", f"[local for local in [{inner}]][0]", "(lambda: param)()"),
        *(f"({inner} or None)", f"(walrus := {inner})", f"({inner} if at else none)", "f'{at}'"),
        *(f"{inner}[1:]", f"getattr({inner}, '{chance.choice(NAMES)}')"),
        f"getattr({inner}, '{chance.choice(NAMES)}', {chance.choice(names)})",
    )
    return f"({chance.choice(made)})"


def alike(answer: object, real: object) -> bool:
    """Return whether two answers are one; what is written in an expression is equal at least."""
    plain = type(answer) is type(real) and type(answer) in (str, int, float, bytes)
    return same(answer, real) or (plain and answer == real)


def _further(node: ast.expr, scope: meaning.Scope) -> Iterator[object]:
    """Yield what those say of *node* who know more than the objects tell of themselves."""
    if isinstance(scope, types.FrameType):
        yield callees.value(node, meaning.names_of(scope))
        own = meaning.own_names(scope)
        if not any(isinstance(one, ast.Call) for one in ast.walk(node)):  # what a mock gave before
            yield doubles.mean(node, doubles.Scope(own, scope.f_globals, lambda *_: UNKNOWN))


class Asking:
    """Asks what expressions stand for where they stand, then compares with what they gave."""

    def __init__(self) -> None:
        self.asked = self.told = 0
        self.wrong: list[str] = []
        self.answer: object = None
        self.others: list[object] = []  # of those that know more, of mocks say

    def ask(self, text: str, scope: meaning.Scope | None = None) -> None:
        here = scope if scope is not None else sys._getframe(1)
        node = ast.parse(text, mode="eval").body
        before = len(Spy.asked), Descriptor.asked
        self.answer = meaning.of(node, here)
        self.others = list(_further(node, here))
        if (len(Spy.asked), Descriptor.asked) != before:
            self.wrong.append(f"{text}: ran {Spy.asked[before[0] :]}")

    def compare(self, text: str, real: object) -> None:
        self.asked += 1
        self.told += self.answer is not UNKNOWN
        for answer in (self.answer, *self.others):
            if answer is not UNKNOWN and not alike(answer, real):
                self.wrong.append(f"{text}: {type(answer)} is not {type(real)}")


def outcome(run: Callable[[], object]) -> object:
    """Return what *run* gives, or ABSENT, or RAISED."""
    try:
        return run()
    except FAILS:
        return ABSENT
    except Exception:
        return RAISED


def checks(texts: list[str], indent: str) -> str:
    """Return lines that ask about each expression, and then evaluate it."""
    lines = []
    for text in texts:
        lines += [
            f"ASKING.ask({text!r})",
            f"try: result_ = {text}",
            "except FAILS: result_ = ABSENT",
            "except Exception: result_ = RAISED",
            f"ASKING.compare({text!r}, result_)",
        ]
    return "\n".join(indent + line for line in lines)


FUNCTION = """
def outer(free, rows, print):
    {kind} inner(param, at=0):
        local, held, gone, shadow, len = next(W), next(W), next(W), next(W), next(W)
        keeps = lambda: (held, emptied)
        emptied = next(W)
        del gone, emptied
{checks}
        later = None
        return late
        {more}
    ASKING.run(inner, next(W))
    late = int = None
"""
COMPREHENSION = """
def outer(free, rows, print):
    def inner(param, local, at):
        gone = held = None
        del gone
        shadow = emptied = next(W)
        [({checks}) for local in [next(W)] for later in [1]]
        later = len = int = 5
        return lambda: late
    inner(next(W), next(W), 0)
    late = None
"""
CLASS = """
def outer(free, rows, print):
    late, param, at = next(W), next(W), 0
    class Inner:
        local, held, gone, shadow = next(W), next(W), next(W), next(W)
        len = None
        __hidden = 4
        del gone
{checks}
    class Methods:
        def method(self, param, at=1):
            local = self
            self.__hidden = next(W)
            shadow = held = param
            emptied = gone = len = int = None
            del emptied, gone
{more}
            later = None
    Methods().method(Holder(next(W)))
"""
MODULE = """
local, held, param, at, free, rows, gone, shadow = *(next(W) for _ in "abc"), 1, *map(next, [W] * 4)
len = None
del gone
{checks}
"""


def space(chance: random.Random, asking: Asking) -> dict[str, Any]:
    """Return the names of a module in which the sources run."""
    every = world()
    old = "the module's"
    return {
        "__name__": "made",
        "ASKING": asking,
        "FAILS": FAILS,
        "ABSENT": ABSENT,
        "RAISED": RAISED,
        "REAL": outcome,
        "W": iter(lambda: chance.choice(every), asking),
        "Holder": Holder,
        "shared": chance.choice(every),
        "rows": chance.choice(every),
        "none": None,
        "free_too": [1],
        "max": 3,
        **dict.fromkeys(("shadow", "gone", "later", "emptied", "len"), old),
    }


def run_source(source: str, chance: random.Random, asking: Asking) -> dict[str, Any]:
    names = space(chance, asking)
    exec(compile(source, "<made>", "exec"), names)
    if "outer" in names:
        names["outer"](next(names["W"]), next(names["W"]), next(names["W"]))
    return names


def texts(chance: random.Random, names: tuple[str, ...], count: int) -> list[str]:
    """Return expressions that Python takes: a walrus may not stand everywhere."""
    found: list[str] = []
    while len(found) < count:
        text = expression(chance, names)
        with suppress(SyntaxError):
            compile(text, "<made>", "eval")
            found.append(text)
    return found


@pytest.fixture
def asking() -> Iterator[Asking]:
    made = Asking()
    yield made
    assert not made.wrong, "\n".join(made.wrong)
    assert made.told > made.asked / 4  # it is no way out to know nothing


def run(function: Callable[..., Any], *args: object) -> None:
    """Run *function*, or what it makes, to its end."""
    try:
        made = function(*args)
        if isinstance(made, types.CoroutineType | types.GeneratorType):
            made.send(None)
    except (StopIteration, NameError):
        pass


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("kind", ["def", "async def", "generator"])
def test_in_a_functions_frame_the_answer_is_pythons_own(
    kind: str, seed: int, asking: Asking
) -> None:
    chance = random.Random(seed)
    asking.run = run  # type: ignore[attr-defined]
    source = FUNCTION.format(
        kind="def" if kind == "generator" else kind,
        checks=checks(texts(chance, (*OWN, *FREE, *SHARED), 120), " " * 8),
        more="yield" if kind == "generator" else "",
    )
    run_source(source, chance, asking)


@pytest.mark.parametrize("seed", SEEDS)
def test_in_a_comprehension_its_own_names_come_first(seed: int, asking: Asking) -> None:
    """3.12+: it has no frame of its own, and its names are those of the function."""
    chance = random.Random(seed)
    names = ("local", "later", "param", "free", "shared", "at", "gone", "late", "held")
    every = [text for text in texts(chance, names, 60) if "walrus" not in text]
    asks = (f"ASKING.ask({t!r}), ASKING.compare({t!r}, REAL(lambda: {t}))" for t in every)
    run_source(COMPREHENSION.format(checks=", ".join(asks)), chance, asking)


@pytest.mark.parametrize("seed", SEEDS)
def test_in_a_class_body_and_in_its_methods(seed: int, asking: Asking) -> None:
    chance = random.Random(seed)
    names = (*OWN, *FREE, *SHARED)
    private = [f"{one}.__hidden" for one in ("local", "self", "param", "Inner")]
    run_source(
        CLASS.format(
            checks=checks([*texts(chance, names, 80), "__hidden", "local.__hidden"], " " * 8),
            more=checks([*texts(chance, (*names, "self"), 80), *private], " " * 12),
        ),
        chance,
        asking,
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_in_a_module_and_in_any_mapping_of_names(seed: int, asking: Asking) -> None:
    chance = random.Random(seed)
    every = texts(chance, (*OWN, *FREE, *SHARED), 100)
    names = run_source(MODULE.format(checks=checks(every, "")), chance, asking)
    for text in every:
        asking.ask(text, collections.ChainMap({}, names))
        asking.compare(text, outcome(partial(eval, text, names)))


@pytest.mark.parametrize("seed", SEEDS)
def test_a_function_that_does_not_run_knows_its_closure_and_its_module(
    seed: int, asking: Asking
) -> None:
    chance = random.Random(seed)
    every = texts(chance, (*FREE, *SHARED, "own"), 80)
    source = (
        "def outer(free, rows, print):\n    global FUNCTIONS\n    own = next(W)\n"
        f"    FUNCTIONS = [{', '.join(f'lambda own=own: {text}' for text in every)}]\n"
        "    if ASKING is None: late = 5\n"
    )
    for text, function in zip(every, run_source(source, chance, asking)["FUNCTIONS"], strict=True):
        asking.ask(text, function)
        asking.compare(text, outcome(function))


# What must be known


class Keys(type):
    def __eq__(cls, other: object) -> bool:
        Spy.asked.append("compared as a class")
        return False

    __hash__ = type.__hash__


class Key(metaclass=Keys): ...


def frame() -> types.FrameType:
    rows, none, at = ["ready", None], None, 1
    broken, counts, nested = Emptied(), {"hits": 3, 1: "one", None: 4}, ([1, 2], {"a": (5, 6)})
    gone = len = None
    del gone
    assert [rows, none, at, broken, counts, nested, len]
    return sys._getframe()


ROWS = ["of the module"]
gone = "of the module"


class Owner:
    __rows = 5
    body = sys._getframe()

    @classmethod
    def frame(cls) -> types.FrameType:
        assert cls.__rows
        return sys._getframe()


REQUIRED: list[tuple[str, object]] = [
    ("rows[0]", "ready"),
    ("rows[at]", None),
    ("rows[-2]", "ready"),
    ("rows[2]", ABSENT),
    ("none", None),
    ("none.rows", ABSENT),
    ("broken.rows", None),
    ("broken.shared", 3),
    ("broken.missing", ABSENT),
    ("broken.missing.more", ABSENT),
    ("counts['hits']", 3),
    ("counts[at]", "one"),
    ("counts[None]", 4),
    ("counts['misses']", ABSENT),
    ("nested[0][1]", 2),
    ("nested[1]['a'][-1]", 6),
    ("len", None),
    ("gone", ABSENT),
    ("nowhere", ABSENT),
    ("ROWS[0]", "of the module"),
    ("int", int),
    ("asyncio.sleep", asyncio.sleep),
    ("asyncio.nowhere", ABSENT),
    ("Slotted.__name__", UNKNOWN),
    ("(again := rows)[0]", "ready"),
    ("5", 5),
    ("f()", UNKNOWN),
    ("[one for one in rows]", UNKNOWN),
    ("await rows", UNKNOWN),
    ("broken.computed", UNKNOWN),
    ("getattr(broken, 'shared')", 3),
    ("getattr(broken, 'missing')", ABSENT),
    ("getattr(broken, 'missing', at)", 1),
    ("getattr(broken, rows[0], none)", None),
    ("getattr(broken, f())", UNKNOWN),
]


@pytest.mark.parametrize(("text", "expected"), REQUIRED)
def test_what_plain_names_attributes_and_entries_stand_for_is_known(
    text: str, expected: object
) -> None:
    found = meaning.of(ast.parse(text, mode="eval").body, frame())
    assert found is expected or (meaning.known(found) and found == expected)


def test_a_private_name_is_that_of_its_class() -> None:
    node = ast.parse("cls.__rows", mode="eval").body
    assert meaning.of(node, Owner.frame()) == 5
    assert meaning.named("__rows", Owner.body) == 5
    assert meaning.of(node, Owner.frame.__func__) == UNKNOWN  # type: ignore[attr-defined]
    assert meaning.of(node, meaning.names_of(Owner.frame())) == 5
    assert meaning.of(node, {"cls": Owner}) is ABSENT  # outside of a class it is another name


def test_a_key_of_the_users_is_not_compared() -> None:
    names = {"many": {Alike(): 1, "rows": 2}, "row": [1], "key": Key()}
    before = len(Spy.asked)
    for text in ("many['rows']", "row[key]", "many[key]"):
        assert meaning.of(ast.parse(text, mode="eval").body, names) is UNKNOWN
    assert Spy.asked[before:] == []


def test_who_calls_says_what_is_known_of_attributes_parts_and_calls() -> None:
    def of(text: str, **more: Any) -> object:
        names: Mapping[str, object] = {"mock": {}, "key": "k"}
        return meaning.of(ast.parse(text, mode="eval").body, names, **more)

    assert of("mock.rows", attribute=lambda owner, name: name) == "rows"
    assert of("mock[key].rows", part=lambda owner, key: Slotted()) is None
    assert of("mock(1).rows", other=lambda node: Slotted()) is None
    assert of("mock.rows(1)", other=lambda node: type(node)) is ast.Call


def test_a_walrus_gave_what_its_name_is_now() -> None:
    def here() -> types.FrameType:
        seen = list(ROWS)
        assert seen
        return sys._getframe()

    node = ast.parse("(seen := load())[0]", mode="eval").body
    assert meaning.of_run(node, here()) == "of the module"
    assert meaning.of(node, here()) is UNKNOWN


def test_in_a_call_only_the_given_names_are_known() -> None:
    closed = 5

    def function(one: object, two: object) -> None:
        gone = closed
        print(one, two, gone)

    assert isinstance(function, types.FunctionType)
    names = meaning.in_call(function, {"one": None})
    found = {name: meaning.named(name, names) for name in ("one", "two", "gone", "closed", "ROWS")}
    assert found == {"one": None, "two": UNKNOWN, "gone": UNKNOWN, "closed": 5, "ROWS": ROWS}
