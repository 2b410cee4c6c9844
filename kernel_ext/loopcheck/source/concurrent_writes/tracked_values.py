"""What a walk through code knows: values and their age, conditions, coroutines."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import field
from types import CodeType, FunctionType

from loopcheck.light import dataclass
from loopcheck.process import objects
from loopcheck.source.effects import Key
from loopcheck.source.values import callees
from loopcheck.source.values.callees import Env

FileLine = tuple[str, int]
Lines = tuple[FileLine, ...]  # the line, and those of the calls that led there, outermost first


@dataclass(frozen=True)
class Read:
    """Shared state that was read, and the number of waits before that."""

    key: Key
    waits: int
    at: Lines


@dataclass(frozen=True, eq=False)
class Begun:
    """A call of a user's coroutine function whose coroutine runs as a task."""

    function: FunctionType
    given: dict[str, object]
    level: int  # the loops around the call
    many: bool = False  # it is called in a loop, so there are several


@dataclass(frozen=True)
class Value:
    """What is known about a value: the state that it comes from, the coroutines and tasks in it."""

    reads: frozenset[Read] = frozenset()
    begun: tuple[Begun, ...] = ()
    tasks: tuple[Begun, ...] = ()

    def __or__(self, other: Value) -> Value:
        return Value(
            self.reads | other.reads, (*self.begun, *other.begun), (*self.tasks, *other.tasks)
        )


NOTHING = Value()


@dataclass(eq=False)
class Guard:
    """A condition that decides whether lines run, what it read, and what those lines changed."""

    reads: frozenset[Read]
    changes: set[Key] = field(default_factory=set)
    waited: bool = False  # a loop waits until it is met, and decides nothing else
    # Written before the first wait: from then on no other task passes.
    claimed: set[Key] = field(default_factory=set)
    # Those of them that got another value, like a flag: until this is taken back, no other task is
    # where the condition leads. The number of waits before that, None: it has not been taken back.
    alone: dict[Key, int | None] = field(default_factory=dict)

    def keeps_out(self, key: Key, waits: int) -> bool:
        """Return whether no other task can be about to write *key*; of an item, the same one."""
        return any(
            (one[0] != "item" or (key[0] == "item" and one[2] == key[2])) and until in (None, waits)
            for one, until in self.alone.items()
        )


@dataclass(frozen=True, eq=False)
class Stale:
    """A write by something that was read before the last wait."""

    key: Key
    read_at: FileLine
    awaited_at: FileLine
    written_at: FileLine
    function: CodeType
    guard: Guard | None  # set: the read value decided whether to write
    direct: bool  # that function itself reads and writes, and calls no store
    gives: bool  # it gives the key something other than None, whatever was there before


@dataclass(eq=False)
class Scope:
    """The function whose lines the walk is in, and the values of its names so far."""

    env: Env
    known: dict[str, object]
    code: CodeType
    values: dict[str, Value]
    guards: list[Guard]
    returned: Value = NOTHING
    is_frame: bool = False  # its names have the values that they had at the end
    at_yield: Callable[[Value], None] | None = None  # walks what runs while it is suspended

    def line(self, node: ast.AST) -> FileLine:
        return self.code.co_filename, getattr(node, "lineno", 0)

    def value_of(self, name: str) -> Value:
        """Return what is known about the value that the lines so far gave *name*."""
        return self.values.get(name, NOTHING)

    def give(self, name: str, value: Value) -> None:
        self.values[name] = value

    def learn(self, name: str, given: ast.expr | None, *, looped: bool) -> None:
        """Note the object that *name* stands for from now on, None: one that is unknown.

        What a line of a loop creates is another one each time.
        """
        self.known[name] = (callees.value if looped else callees.held)(given, self.env)

    def hide(self, name: str) -> None:
        """Note that *name* stands for another object each time."""
        self.known[name] = objects.UNKNOWN
