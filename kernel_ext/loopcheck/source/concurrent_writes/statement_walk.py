"""A walk through statements and expressions as Python runs them: what is read and written.

Nothing is run. Each value knows which shared state it was read from, and how many waits ago; a
write by a value that is older than the last wait may undo what another task wrote meanwhile.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Sequence
from types import CodeType

from loopcheck.light import replace
from loopcheck.source.concurrent_writes import locks, shared_state
from loopcheck.source.concurrent_writes.running_tasks import RunningTasks
from loopcheck.source.concurrent_writes.tracked_values import (
    NOTHING,
    FileLine,
    Guard,
    Lines,
    Read,
    Scope,
    Stale,
    Value,
)
from loopcheck.source.effects import Key
from loopcheck.source.nodes import names_in, nodes_run_by, spans_line
from loopcheck.source.values import callees
from loopcheck.source.values.callees import Env

MOST = 5_000  # nodes of one walk
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


class StatementWalk:
    """One walk; what it found is in `stale`, and which tasks it saw run together in `tasks`."""

    def __init__(self) -> None:
        self.stale: list[Stale] = []
        self.tasks = RunningTasks()
        self.awaits: list[Lines] = []
        self.held = 0  # locks
        # What a function has taken out of a queue, or waited for, and passes on at its end.
        self.turns: list[tuple[CodeType, str]] = []
        self.count = 0
        self.inside: list[CodeType] = []
        self.called: list[FileLine] = []  # the lines that called those
        self.kept: list[object] = []  # their ids are in keys
        self.read_as: dict[Key, ast.expr] = {}
        self.latest = NOTHING  # of the last statement that only evaluates something

    # Statements

    def _block(self, steps: Sequence[ast.stmt], scope: Scope, until: int | None = None) -> bool:
        """Walk through *steps*; return whether they leave the block for good."""
        added = 0
        left = False
        for step in steps:
            here = until is not None and spans_line(step, until)
            if until is not None and not here and step.lineno > until:
                break
            self._step(step, scope, until if here else None)
            if here:
                break
            if isinstance(step, _LEAVES):
                left = True
                break
            if isinstance(step, ast.If) and _leaves(step.body) and not step.orelse:
                # What follows runs only if the condition did not hold.
                scope.guards.append(self._guard)
                added += 1
            elif isinstance(step, ast.While) and not _has_break(step):
                # Here, too: the loop has asked again after its last wait.
                scope.guards.append(Guard(self._value(step.test, scope).reads, waited=True))
                added += 1
        del scope.guards[len(scope.guards) - added :]
        return left

    def _step(self, step: ast.stmt, scope: Scope, until: int | None) -> None:
        self.count += 1
        if self.count > MOST or isinstance(step, _SCOPES):
            return
        match step:
            case ast.Assign(targets=targets, value=value):
                found = self._value(value, scope)
                for target in targets:
                    self._store(target, found, scope, value)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._store(target, self._value(value, scope), scope, value)
            case ast.AugAssign(target=target, value=value):
                before = self._load(target, scope)
                self._store(target, before | self._value(value, scope), scope)
            case ast.Delete(targets=targets):
                for target in targets:
                    self._store(target, NOTHING, scope)
            case ast.Return(value=ast.expr() as value):
                scope.returned |= self._value(value, scope)
            case ast.If():
                self._if(step, scope, until)
            case ast.For() | ast.AsyncFor() | ast.While():
                self._loop(step, scope, until)
            case ast.With() | ast.AsyncWith():
                self._with(step, scope, until)
            case ast.Try() | ast.TryStar():
                parts = [step.body, *(one.body for one in step.handlers), step.orelse]
                for part in (*parts, step.finalbody):
                    if until is None or any(spans_line(one, until) for one in part):
                        self._block(part, scope, until)
                    elif part and part[0].lineno < until:
                        self._block(part, scope)
            case _:
                found = NOTHING
                for child in ast.iter_child_nodes(step):
                    if isinstance(child, ast.expr):
                        found |= self._value(child, scope)
                self.latest = found

    def _if(self, step: ast.If, scope: Scope, until: int | None) -> None:
        guard = Guard(self._value(step.test, scope).reads)
        before, waits = dict(scope.values), len(self.awaits)
        scope.guards.append(guard)
        left = self._block(step.body, scope, until)
        after = scope.values
        if left:
            del self.awaits[waits:]
            after = before
        guards = scope.guards
        self._as_if_it_had_not_waited(scope, before, waits)
        self._block(step.orelse, scope, until)
        scope.guards = guards
        scope.guards.pop()
        for name in {*after, *scope.values}:
            scope.values[name] = after.get(name, NOTHING) | scope.values.get(name, NOTHING)
        self._guard = guard

    def _as_if_it_had_not_waited(self, scope: Scope, before: dict[str, Value], waits: int) -> None:
        """Set what *scope* knows where an `else` begins: the waits of the `if` are not on its way.

        What was read after the last wait above the `if` is still new there.
        """
        now = len(self.awaits)

        def still_new(reads: frozenset[Read]) -> frozenset[Read]:
            return frozenset(
                replace(one, waits=now) if one.waits == waits else one for one in reads
            )

        scope.values = {
            name: replace(one, reads=still_new(one.reads)) for name, one in before.items()
        }
        scope.guards = [replace(one, reads=still_new(one.reads)) for one in scope.guards]

    _guard = Guard(frozenset())  # of the last `if`

    def _loop(
        self, step: ast.For | ast.AsyncFor | ast.While, scope: Scope, until: int | None
    ) -> None:
        many = True
        guards: list[Guard] = []
        if isinstance(step, ast.While):
            guards = [Guard(self._value(step.test, scope).reads)]
            inside = step.test
        else:
            inside = step.iter
            found = self._value(inside, scope)
            many = _repeats(inside, scope.env)
            self._store(step.target, found, scope, looped=True)
            if isinstance(step, ast.AsyncFor):
                self._wait(scope.line(step))
        before = list(self.tasks.running)
        self.tasks.loops += many
        scope.guards += guards
        self._block(step.body, scope, until)
        del scope.guards[len(scope.guards) - len(guards) :]
        self.tasks.loops -= many
        if many:
            self.tasks.end_of_loop(before)
        self._block(step.orelse, scope, until)

    def _with(self, step: ast.With | ast.AsyncWith, scope: Scope, until: int | None) -> None:
        running = list(self.tasks.running)
        held = self._enter(step, step.items, scope, until)
        if isinstance(step, ast.AsyncWith) and until is None:
            self.tasks.running = running  # a task group has waited for its tasks
            if not held:
                self._wait((scope.code.co_filename, step.end_lineno or step.lineno))

    def _enter(
        self,
        step: ast.With | ast.AsyncWith,
        items: Sequence[ast.withitem],
        scope: Scope,
        until: int | None,
    ) -> bool:
        """Walk through the block of *step* within *items*; return whether one of them is a lock."""
        if not items:
            self._block(step.body, scope, until)
            return False
        item, held = items[0], False

        def inside(found: Value) -> None:
            nonlocal held
            if item.optional_vars is not None:
                self._store(item.optional_vars, found, scope)
            self.held += is_lock
            held = self._enter(step, items[1:], scope, until) or is_lock
            self.held -= is_lock

        is_lock = isinstance(step, ast.AsyncWith) and locks.is_lock(item.context_expr, scope.env)
        if until is None and self._around(item.context_expr, scope, inside):
            return held
        found = self._value(item.context_expr, scope)
        if isinstance(step, ast.AsyncWith):
            self._wait(scope.line(item.context_expr))
        inside(found)
        return held

    def _around(self, manager: ast.expr, scope: Scope, inside: Callable[[Value], None]) -> bool:
        """Walk *inside* where the generator of *manager* yields, if the project has its source."""
        raise NotImplementedError

    # Values

    def _value(self, node: ast.expr | None, scope: Scope, *, base: bool = False) -> Value:
        """Return what is known of *node*; *base*: a part of it is used, and not all of it."""
        self.count += 1
        if node is None or self.count > MOST:
            return NOTHING
        match node:
            case ast.Name() | ast.Attribute() | ast.Subscript():
                return self._load(node, scope, base=base)
            case ast.Await(value=ast.Call() as call):
                return self._call(call, scope, awaited=True)
            case ast.Await(value=value):
                found = self._value(value, scope)
                self.tasks.end(found.tasks)
                self._wait(scope.line(node))
                return found
            case ast.Call():
                return self._call(node, scope, awaited=False)
            case ast.NamedExpr(target=target, value=value):
                found = self._value(value, scope)
                self._store(target, found, scope, value)
                return found
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[many]):
                key, of = callees.value(left, scope.env), callees.held(many, scope.env)
                found = self._value(left, scope)
                found |= _of_item(self._value(many, scope, base=True), key)
                return found | self._reads(shared_state.item(of, key), node, scope)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return (
                    self._value(test, scope) | self._value(body, scope) | self._value(orelse, scope)
                )
            case ast.Lambda():
                return NOTHING
            case ast.Yield(value=value) if scope.at_yield is not None:
                found, resume = self._value(value, scope), scope.at_yield
                scope.at_yield = None
                resume(found)
                return NOTHING
            case ast.ListComp() | ast.SetComp() | ast.GeneratorExp() | ast.DictComp():
                return self._comprehension(node, scope)
        found = NOTHING
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.expr):
                found |= self._value(child, scope)
        return found

    def _load(self, node: ast.expr, scope: Scope, *, base: bool = False) -> Value:
        found = NOTHING
        match node:
            case ast.Name(id=name):
                found = scope.value_of(name)
            case ast.Attribute(value=value):
                found = self._value(value, scope, base=True)
                getter = callees.getter(node, scope.env)
                if getter is not None and callees.of_user(getter):
                    return found | self._follow(getter, node, {}, scope)
            case ast.Subscript(value=value, slice=key):
                found = self._value(value, scope, base=True) | self._value(key, scope)
        found |= self._reads(shared_state.named_at(node, scope.env, scope.code), node, scope)
        if not base:
            thing = callees.held(node, scope.env)
            if shared_state.is_container(thing):
                found |= self._reads(shared_state.whole(thing), node, scope)
        return found

    def _reads(self, keys: Iterable[tuple[Key, object]], node: ast.expr, scope: Scope) -> Value:
        line, found = scope.line(node), set[Read]()
        for key, thing in keys:
            self.kept.append(thing)
            self.read_as.setdefault(key, node)
            found.add(Read(key, len(self.awaits), (*self.called, line)))
        return Value(frozenset(found))

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp, scope: Scope
    ) -> Value:
        found, loops = NOTHING, 0
        before = list(self.tasks.running)
        names = {name for one in node.generators for name in names_in(one.target)}
        before_it = dict(scope.known)
        for one in node.generators:
            found |= self._value(one.iter, scope)
            many = _repeats(one.iter, scope.env)
            loops += many
            self.tasks.loops += many
            for name in names:
                scope.hide(name)
            for test in one.ifs:
                found |= self._value(test, scope)
        parts = [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
        for part in parts:
            found |= self._value(part, scope)
        self.tasks.loops -= loops
        if loops:
            self.tasks.end_of_loop(before)
        scope.known.clear()
        scope.known.update(before_it)
        return found

    def _call(self, node: ast.Call, scope: Scope, *, awaited: bool) -> Value:
        raise NotImplementedError

    def _follow(
        self, target: object, call: ast.expr, values: dict[str, Value], scope: Scope
    ) -> Value:
        raise NotImplementedError

    # Writes

    def _store(
        self,
        target: ast.expr,
        value: Value,
        scope: Scope,
        given: ast.expr | None = None,
        *,
        looped: bool = False,
    ) -> None:
        match target:
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self._store(part, value, scope, looped=looped)
                return
            case ast.Starred(value=inner):
                self._store(inner, value, scope, looped=looped)
                return
            case ast.Name(id=name) if name in (*scope.code.co_varnames, *scope.code.co_cellvars):
                scope.give(name, value)
                if looped:  # another one each time
                    scope.hide(name)
                elif not scope.is_frame:
                    scope.learn(name, given, looped=bool(self.tasks.loops))
                if name in scope.code.co_varnames:
                    return
            case ast.Attribute(value=owner) | ast.Subscript(value=owner):
                self._value(owner, scope, base=True)
        keys = [*shared_state.named_at(target, scope.env, scope.code)]
        if isinstance(target, ast.Subscript):
            keys += shared_state.whole(callees.held(target.value, scope.env))
        self._write(keys, value, scope.line(target), scope, given)

    def _write(
        self,
        keys: Iterable[tuple[Key, object]],
        value: Value,
        line: FileLine,
        scope: Scope,
        given: ast.expr | None = None,
    ) -> None:
        """Note a write, of *given* if that is assigned as it is."""
        now = len(self.awaits)
        gives = given is not None and not (isinstance(given, ast.Constant) and given.value is None)
        for key, thing in keys:
            self.kept.append(thing)
            is_alone = any(one.keeps_out(key, now) for one in scope.guards)
            for read in value.reads:
                if read.key == key and read.waits < now and not is_alone:
                    self._note(key, read, line, scope, None, gives)
            is_new = given is not None and all(one.key != key for one in value.reads)
            for guard in scope.guards:
                guard.changes.add(key)
                if guard.alone.get(key, now) is None:
                    guard.alone[key] = now
                for read in guard.reads:
                    if read.key != key:
                        continue
                    if read.waits == now:
                        guard.claimed.add(key)
                        if is_new:
                            guard.alone[key] = None
                    elif key not in guard.claimed and not is_alone and not guard.waited:
                        self._note(key, read, line, scope, guard, gives)

    def _note(
        self,
        key: Key,
        read: Read,
        line: FileLine,
        scope: Scope,
        guard: Guard | None,
        gives: bool,
    ) -> None:
        """Note the lines of the function that reads and writes, or calls what does."""
        awaited, written = self.awaits[read.waits], (*self.called, line)
        common = min(len(read.at), len(awaited), len(written)) - 1
        at = next((i for i in range(common) if read.at[i] != written[i]), common)
        function = self.inside[at] if at < len(self.inside) else scope.code
        direct = key[0] != "called" and len(read.at) == len(written) == at + 1
        self.stale.append(
            Stale(key, read.at[at], awaited[at], written[at], function, guard, direct, gives)
        )

    # Waits, and what runs meanwhile

    def _wait(self, line: FileLine) -> None:
        if not self.held and not self.turns:
            self.awaits.append((*self.called, line))


def _of_item(many: Value, key: object) -> Value:
    """Return what is known of one item of *many*, a copy: two tasks may ask for two keys."""
    reads = {one for one in many.reads if one.key[0] != "thing"}
    if any(type(key) is kind for kind in shared_state.PLAIN):
        reads |= {replace(one, key=("item", one.key[1], key)) for one in many.reads - reads}
    return replace(many, reads=frozenset(reads))


def _has_break(loop: ast.While) -> bool:
    return any(isinstance(one, ast.Break) for one in nodes_run_by(loop.body))


def _leaves(steps: Sequence[ast.stmt]) -> bool:
    return bool(steps) and isinstance(steps[-1], _LEAVES)


def _repeats(rows: ast.expr, env: Env) -> bool:
    """Return whether a loop over *rows* may run more than once."""
    match rows:
        case ast.Call(func=ast.Name(id="range"), args=[count]):
            number = callees.value(count, env)
            return not (type(number) is int and number < 2)
        case ast.List(elts=parts) | ast.Tuple(elts=parts):
            return len(parts) > 1
    thing = callees.value(rows, env)
    if type(thing) in (list, tuple, set, dict):
        return len(thing) > 1  # type: ignore[arg-type]
    return True
