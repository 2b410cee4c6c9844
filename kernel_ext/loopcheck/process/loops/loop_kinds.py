"""Assertions about the kind of a loop or policy."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from loopcheck.process import objects
from loopcheck.process.failure import Step
from loopcheck.source import parsed_files, project_files
from loopcheck.source.assignments import assignments_in
from loopcheck.source.nodes import calls_in, mentioned, nodes_of, results_of
from loopcheck.source.values import callees, meaning

# The assertion has to contain one name of each set.
LOOPS = frozenset({"get_running_loop", "get_event_loop", "new_event_loop", "get_event_loop_policy"})
KINDS = frozenset({"isinstance", "type", "__class__"})


def asked(step: Step) -> bool:
    """Return whether the assertion is about the kind of a loop or policy."""
    asserts = asserted(step)
    space, said = step.frame.f_locals, mentioned(*asserts, *given(step, asserts))
    loops = said & LOOPS or any(objects.is_loop(space.get(name)) for name in said)
    return bool(loops and said & KINDS) or any(_tells_kind(one, step) for one in asserts)


def asserted(step: Step) -> list[ast.Assert]:
    """Return the assertions that contain the line of *step*."""
    around = parsed_files.standing_at(step.frame.f_code.co_filename, step.line)
    return [node for node in around if isinstance(node, ast.Assert)]


def _tells_kind(one: ast.Assert, step: Step) -> bool:
    """Return whether the assertion calls a user function that returns the kind of a loop."""
    env = meaning.names_of(step.frame)
    for call in calls_in(one):
        function = callees.function(call.func, env)
        code = function.__code__ if function is not None else None
        if code is None or project_files.owner(code.co_filename) != "user":
            continue
        block = parsed_files.function_of(code)
        if block is not None and _returns_kind(block):
            return True
    return False


def _returns_kind(block: ast.AST) -> bool:
    said = [one for one in assignments_in(block) if LOOPS & mentioned(one.target, one.value)]
    loops = LOOPS | {name for one in said for name in mentioned(one.target)}
    for node in nodes_of((ast.Attribute, ast.Call), *results_of(block, (ast.Return,))):
        about = node.value if isinstance(node, ast.Attribute) and node.attr in KINDS else None
        if isinstance(node, ast.Call) and node.args and mentioned(node.func) & KINDS:
            about = node.args[0]
        if about is not None and loops & mentioned(about):
            return True
    return False


def given(step: Step, asserts: Iterable[ast.AST]) -> list[ast.expr]:
    """Return the values that the function assigns to a name in *asserts*."""
    said = mentioned(*asserts)
    around = parsed_files.enclosing(step.frame.f_code.co_filename, step.line)[:1]
    found = (one for one in assignments_in(*around) if one.how == "assigned")
    return [one.value for one in found if said & mentioned(one.target)]
