"""The ways out of a function on which something that it opened is not closed again.

To open and to close are calls: `acquire()` and `release()`, `get()` and `task_done()`. Errors count
only where a `raise` shows them. Nothing is run.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterable, Sequence
from typing import Literal

from loopcheck.light import dataclass
from loopcheck.source.definitions import Def
from loopcheck.source.nodes import own_nodes

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
Loop = ast.For | ast.AsyncFor | ast.While
How = Literal["return", "raise", "next", "end"]
States = frozenset[bool]  # whether it may be open, whether it may not
NOWHERE: States = frozenset()  # the code does not get there
CLOSED, OPEN = frozenset({False}), frozenset({True})


@dataclass(frozen=True)
class Exit:
    """A line that leaves the function, or the round of a loop that opened it, without closing."""

    line: int
    how: How  # "next": the next round, "end": the last line


def left_open(function: Def, opens: Collection[ast.AST], closes: Collection[ast.AST]) -> list[Exit]:
    """Return the ways out of *function* after one of *opens* and before one of *closes*."""
    return _exits(function, _Walk(opens, closes), CLOSED)


def ways_around(function: Def, nodes: Collection[ast.AST]) -> list[Exit]:
    """Return the ways out of *function* on which none of *nodes* has run."""
    return _exits(function, _Walk((), nodes), OPEN)


def _exits(function: Def, walk: _Walk, first: States) -> list[Exit]:
    states = walk.block(function.body, first)
    if True in states:
        walk.exits.append(Exit(function.body[-1].lineno, "end"))
    return sorted(walk.exits, key=lambda one: one.line)


class _Walk:
    def __init__(self, opens: Collection[ast.AST], closes: Collection[ast.AST]) -> None:
        self.opens, self.closes = {id(one) for one in opens}, {id(one) for one in closes}
        self.exits: list[Exit] = []
        self.finals: list[bool] = []  # of each `finally` around: whether it may close
        self.caught: list[bool] = []  # of each `try` around: whether something handles a `raise`
        self.seen: list[States] = []  # of each `try` around: the states in which it may fail
        self.loops: list[tuple[Loop, int]] = []  # those around, and the `finally` around them
        self.broken: list[States] = []

    def block(self, steps: Sequence[ast.stmt], states: States) -> States:
        for step in steps:
            if not states:
                return states
            states = self.step(step, states)
            if self.seen:
                self.seen[-1] |= states
        return states

    def step(self, step: ast.stmt, states: States) -> States:
        match step:
            case _ if isinstance(step, _SCOPES):
                return states
            case ast.If(test=test):
                states = self.evaluated([test], states)
                return self.block(step.body, states) | self.block(step.orelse, states)
            case ast.For() | ast.AsyncFor() | ast.While():
                return self.loop(step, states)
            case ast.Try() | ast.TryStar():
                return self.attempt(step, states)
            case ast.With() | ast.AsyncWith():
                return self.block(step.body, self.evaluated(step.items, states))
            case ast.Match(subject=subject, cases=cases):
                states = self.evaluated([subject], states)
                return states.union(*(self.block(one.body, states) for one in cases))
        states = self.evaluated([step], states)
        match step:
            case ast.Return():
                self.leave(step, "return", states, 0)
            case ast.Raise():
                if not any(self.caught):
                    self.leave(step, "raise", states, 0)
            case ast.Continue() | ast.Break():
                self.out_of_round(step, states)
            case _:
                return states
        return NOWHERE

    def evaluated(self, nodes: Iterable[ast.AST], states: States) -> States:
        """Return the states after the calls in *nodes*. If they open and close, it is closed."""
        called = {id(one) for node in nodes for one in (node, *own_nodes(node))}
        if called & self.closes:
            return CLOSED
        return OPEN if called & self.opens else states

    def leave(self, step: ast.stmt, how: How, states: States, within: int) -> None:
        """Note that *step* leaves what the `finally` blocks after the first *within* are around."""
        if True in states and not any(self.finals[within:]):
            self.exits.append(Exit(step.lineno, how))

    def out_of_round(self, step: ast.Continue | ast.Break, states: States) -> None:
        loop, within = self.loops[-1]
        closed = any(self.finals[within:])
        if isinstance(step, ast.Break):
            self.broken[-1] |= CLOSED if closed else states
        elif self.opened_in(loop):
            self.leave(step, "next", states, within)

    def opened_in(self, loop: Loop) -> bool:
        return any(id(node) in self.opens for node in own_nodes(loop))

    def loop(self, step: Loop, states: States) -> States:
        head = step.test if isinstance(step, ast.While) else step.iter
        states = self.evaluated([head], states)
        self.loops.append((step, len(self.finals)))
        self.broken.append(NOWHERE)
        after = self.block(step.body, states)
        if True in after and self.opened_in(step):
            self.exits.append(Exit(step.body[-1].lineno, "next"))
        self.loops.pop()
        broken = self.broken.pop()
        forever = isinstance(head, ast.Constant) and bool(head.value)
        return broken | (NOWHERE if forever else self.block(step.orelse, states | after))

    def attempt(self, step: ast.Try | ast.TryStar, states: States) -> States:
        last = [one for part in step.finalbody for one in (part, *own_nodes(part))]
        closes = any(id(one) in self.closes for one in last)
        self.finals.append(closes)
        self.caught.append(bool(step.handlers))
        self.seen.append(states)
        done = self.block(step.body, states)
        failed = self.seen.pop()
        self.caught.pop()
        done = self.block(step.orelse, done)
        for handler in step.handlers:
            done |= self.block(handler.body, failed)
        self.finals.pop()
        if self.seen:
            self.seen[-1] |= failed
        if not done:
            return NOWHERE
        return CLOSED if closes else self.block(step.finalbody, done)
