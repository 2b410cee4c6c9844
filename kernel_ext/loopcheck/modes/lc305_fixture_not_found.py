"""LC305 fixture-not-found: a wrong fixture name, or a conftest.py out of reach.

What: a test or fixture asks for a fixture, and pytest finds none of that name from there.
Why:  a name is looked up in the test's class, its file, the conftest.py of its folder and of those
      above, and in plugins. A sister folder, another class, a helper module that nobody loads are
      out of reach; a function without the decorator is none at all.
Fix:  say the name that it has; move it into a conftest.py at or above the test; decorate it.
"""

from __future__ import annotations

from collections.abc import Iterator

from loopcheck.facts.records import Evidence, LookupRecord, Place, Subject
from loopcheck.modes._match import request
from loopcheck.modes.finding import Finding

CODE, SLUG = "LC305", "fixture-not-found"
SUPERSEDES: frozenset[str] = frozenset()
SAYS = ("fixture '…' not found",)


def detect(evidence: Evidence) -> Iterator[Finding]:
    """Name the fixture that was not found, who asked for it, and what was meant."""
    lookup = evidence.lookup
    if lookup is None or lookup.recursive:  # one that asks for itself: pytest says so
        return
    why, fix = _words(lookup)
    asker = f"the fixture `{lookup.asked_by}`" if lookup.by_fixture else f"`{lookup.asked_by}`"
    yield Finding(
        code=CODE,
        slug=SLUG,
        certainty="certain",
        subject=Subject(name=lookup.name, type="fixture"),
        where=lookup.function or lookup.asked_at,
        made_at=lookup.function or lookup.in_class or lookup.unloaded or _first_elsewhere(lookup),
        used_at=lookup.asked_at,
        what=f"No fixture `{lookup.name}` is within reach of {asker}.",
        why=why,
        fix=fix,
    )


def _words(lookup: LookupRecord) -> tuple[str, str]:
    """Return why it is not found, and what to change."""
    name = lookup.name
    if lookup.function is not None:
        decorator = "@pytest_asyncio.fixture" if lookup.asynchronous else "@pytest.fixture"
        return (
            f"`{name}` at {lookup.function} is a function without the decorator.",
            f"Put `{decorator}` on it.",
        )
    if lookup.renamed is not None:
        return (
            f"`{name}` is the function; the fixture that it defines is called `{lookup.renamed}`.",
            f"Say `{lookup.renamed}` in the {request(lookup)}.",
        )
    if lookup.elsewhere:
        places = " and ".join(str(place) for place in lookup.elsewhere[:3])
        return (
            f"It is defined at {places}: in a class, a file or a folder that"
            f" `{lookup.asked_by}` is not in.",
            "Move it into a `conftest.py` in the folder of those who ask for it, or above"
            f" them.{_or_near(lookup)}",
        )
    if lookup.in_class is not None:
        return (
            f"It is defined at {lookup.in_class}, in the class `{lookup.of_class}`: only tests of"
            " that class have it.",
            "Move it out of the class, there or into a `conftest.py`, and take its `self` away.",
        )
    if lookup.unloaded is not None:
        return _unloaded(lookup, lookup.unloaded)
    if lookup.near:
        return ("No file or plugin of this run defines it.", _near(lookup))
    if lookup.given is not None:
        return (
            f"No file or plugin of this run defines it, and the `@patch` of `{lookup.given}` hands"
            " nothing over: it was told what to put there.",
            "Leave that to the patch (`new_callable=…` in place of `new`), which then hands its"
            f" mock to the test. Or take `{name}` out of the {request(lookup)}.",
        )
    if lookup.plugin is not None:
        return (
            "No plugin of this run has it.",
            f"Install {lookup.plugin}; with plugins named by hand, load it too.",
        )
    if lookup.near_elsewhere is not None:
        near, place = lookup.near_elsewhere
        return (
            f"No file or plugin of this run defines it; `{near}` at {place} is out of reach, too.",
            f"If that is meant, say `{near}` in the {request(lookup)}, and move it into a"
            " `conftest.py` in the folder of those who ask for it, or above them.",
        )
    return (
        "No file or plugin of this run defines it.",
        f"Define it, or take `{name}` out of the {request(lookup)}.",
    )


def _first_elsewhere(lookup: LookupRecord) -> Place | None:
    if lookup.near_elsewhere is not None:
        return lookup.near_elsewhere[1]
    return next(iter(lookup.elsewhere), None)


def _unloaded(lookup: LookupRecord, place: Place) -> tuple[str, str]:
    if lookup.cut_off:
        return (
            f"It is defined at {place}, above the folder that `--confcutdir` names: pytest reads"
            " no conftest.py there.",
            "Take `--confcutdir` away (from the command line, or `addopts`), or let it name the"
            " folder of that conftest.py, or one above.",
        )
    fix = (
        "Move it into a `conftest.py` in the folder of those who ask for it or above them,"
        " or name its module in `pytest_plugins` of the conftest.py at the root."
    )
    given = lookup.unloaded_as
    if given is None:
        return f"It is defined at {place}, a file that pytest has not loaded.", fix
    if given == lookup.name:
        made = f'`{place.name}` under `name="{given}"`'
        return f"It is defined at {place} by {made}: no conftest.py or plugin brings that.", fix
    return (
        f"`{lookup.name}` at {place} is the function; the fixture that it defines is called"
        f" `{given}`, and no conftest.py or plugin brings it.",
        f"{fix} And say `{given}` in the {request(lookup)}.",
    )


def _near(lookup: LookupRecord) -> str:
    names = " or ".join(f"`{name}`" for name in lookup.near)
    return f"Say {names} in the {request(lookup)}."


def _or_near(lookup: LookupRecord) -> str:
    return f" Or: {_near(lookup)[0].lower()}{_near(lookup)[1:]}" if lookup.near else ""
