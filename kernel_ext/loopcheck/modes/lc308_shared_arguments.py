"""LC308 shared-arguments: a test changes arguments or parameters that the next one gets.

What: a test fails on a dict, list or set that an earlier test has changed: a key is gone, an
      element is there already. It passes alone, and the one that changed it passes always.
Why:  `parametrize` hands over the object itself, not a copy. So do a module's globals, a class's
      attributes, and fixtures wider than a function: all tests have the same one.
Fix:  a fixture of function scope that makes it anew. In the code under test a copy of what it was
      given, before it changes that: `kwargs = dict(kwargs)`. Another order only moves the failure.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.facts.records import Evidence, SharedRecord, Subject
from loopcheck.modes.finding import Finding

CODE, SLUG = "LC308", "shared-arguments"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = ("missing … required positional argument",)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name what tests share, and who changed it before this one began."""
    shared = evidence.shared
    if shared is None:
        return
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain" if shared.explains in ("key", "argument") else "likely",
        subject=Subject(name=shared.name, type=shared.type),
        where=shared.place,
        made_at=shared.place,
        used_at=shared.used_at,
        what=f"`{shared.name}` is not what this test expects: {_who(shared)} {_did(shared)}"
        " before it began.",
        why=_why(shared),
        fix=_fix(shared),
    )


def _who(shared: SharedRecord) -> str:
    return f"`{shared.changed_by.rpartition('::')[2]}`" if shared.changed_by else "an earlier test"


def _did(shared: SharedRecord) -> str:
    said = []
    if shared.lost:
        said.append(f"took {_each(shared.lost)} out of it")
    if shared.gained:
        said.append(f"put {_each(shared.gained)} into it")
    if shared.changed:
        said.append(f"set {_each(shared.changed)} to another value")
    return " and ".join(said) or "changed its order"


def _each(keys: tuple[str, ...]) -> str:
    shown = ", ".join(f"`{key}`" for key in keys[:3])
    return shown if len(keys) <= 3 else f"{shown} and {len(keys) - 3} more"


def _why(shared: SharedRecord) -> str:
    by = "A fixture's `params=`" if shared.by_fixture else "`parametrize`"
    return {
        "parameter": f"{by} hands over the {shared.type} itself, not a copy: all tests"
        " that get it have the same one.",
        "fixture": f"The fixture has {shared.scope} scope: all its tests have the same"
        f" {shared.type}.",
        "global": f"A module has one {shared.type} of that name for all tests, also where it is"
        " handed over as an argument or parameter.",
        "attribute": f"The {shared.type} belongs to the class: a new object, as each test has it,"
        f" has the same {shared.type}.",
        "default": f"A default is made once, with its function: all calls that give nothing else"
        f" have the same {shared.type}.",
    }[shared.kind]


def _fix(shared: SharedRecord) -> str:
    if shared.kind == "default":
        name, inside, _ = shared.name.partition("[")
        made = f"it, with the {shared.type} in it," if inside else f"the {shared.type}"
        return f"Let `{name}` be None by default, and make {made} in the function."
    if shared.kind == "attribute":
        last = shared.name.rpartition(".")[2]
        return (
            f"Set `self.{last}` anew for each object: in `__init__`, or where `{shared.name}` is"
            " that of a class of tests, in a fixture or `setUp`."
        )
    anew = (
        f"Give `{shared.name}` function scope"
        if shared.kind == "fixture"
        else f"Make `{shared.name}` anew for each test, in a fixture that returns it"
    )
    copy = {"dict": "dict(…)", "list": "list(…)", "set": "set(…)"}[shared.type]
    return f"{anew}; or let the code that changes it work on a copy: `{copy}`."
