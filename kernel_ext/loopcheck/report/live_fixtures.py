"""The output of `%asyncfixture up` and `down`."""

from __future__ import annotations

from collections.abc import Sequence

from loopcheck.records import DownRecord, FixtureError, FixtureRecord, UpRecord
from loopcheck.report._story import a, clip, listed, visible
from loopcheck.report.sections import Section

CAPTURES = ("capsys", "capfd", "capsysbinary", "capfdbinary", "capteesys")
MESSAGE = 200  # width of an error's message


def up(one: UpRecord) -> Section:
    """Return a live fixture's value, and what was set up for it."""
    if one.already:
        why = "By another definition than it has now." if one.changed else "Nothing was done."
        return Section(
            title=f"{one.name} is up already: {a(one.type)}",
            note=f"{why} To have it anew: %asyncfixture down {one.name}, then up.",
        )
    loops = list(dict.fromkeys(f.loop_scope for f in one.set_up if f.loop_scope))
    sync = not one.fixture.asynchronous
    return Section(
        title=f"{one.name} is up: {a(one.type)}"
        + ("; a sync fixture" if sync else ", on the loop of this cell"),
        columns=("set up, in this order", "kind", "scope", "loop in pytest", "defined at"),
        rows=tuple(map(_row, one.set_up)),
        note=" ".join(
            filter(
                None,
                (
                    _loops(loops),
                    _parameters(one),
                    _captures(one),
                    f"Take it down: %asyncfixture down {one.name}",
                ),
            )
        ),
    )


def _row(one: FixtureRecord) -> tuple[str, ...]:
    kind = "async" if one.asynchronous else "sync"
    loop = f"{one.loop_scope} loop" if one.loop_scope else ""
    return one.name, kind, one.scope, loop, str(one.place or "")


def _loops(scopes: Sequence[str]) -> str:
    if len(scopes) < 2:
        return ""
    return (
        f"Here they share one loop; pytest would use {len(scopes)}: the loops of scope"
        f" {listed(list(scopes), quote='')}."
    )


def _captures(one: UpRecord) -> str:
    """Return that cells print nothing while one of pytest's fixtures captures their output."""
    found = [fixture.name for fixture in one.set_up if fixture.name in CAPTURES]
    return f"`{found[0]}` takes what cells print until it is down." if found else ""


def _parameters(one: UpRecord) -> str:
    if not one.other_parameters:
        return ""
    others = listed([f"{one.name}[{other}]" for other in one.other_parameters])
    return f"Its parameter is `{one.parameter}`; there is also {others}."


def down(one: DownRecord) -> Section:
    """Return what was torn down, and its errors."""
    names = ", ".join(one.asked)
    title = f"down: {names}" if names else "down"
    order = f"torn down on the same loop, in this order: {', '.join(one.torn)}" if one.torn else ""
    return Section(
        title=title,
        columns=("failed in tear-down", "error", "at"),
        rows=tuple((error.fixture, _said(error), str(error.place or "")) for error in one.errors),
        note=order,
    )


def _said(error: FixtureError) -> str:
    kind = error.type.rpartition(".")[2]
    return clip(f"{kind}: {error.message}" if error.message else kind, MESSAGE)


def failed(name: str, error: FixtureError, torn: DownRecord, cause: str | None = None) -> str:
    """Return one line: what failed and where, what happened to the rest, what to change."""
    who = f"`{name}` is not up"
    which = "it" if error.fixture == name else f"`{error.fixture}`, which it needs,"
    at = f" at {error.place}" if error.place else ""
    if error.type.endswith(".Stopped"):
        what = f"{which} was stopped in its set-up{at}."
    elif _outcome(error):
        what = f"{which} skips{at}: {error.message}."
    else:
        what = f"{which} failed in its set-up{at}: {_said(error).rstrip('.')}."
    only = (
        f" It asks its test: `{error.test_only}`, and here there is no test that would say."
        if error.test_only
        else ""
    )
    rest = f" Down again: {', '.join(torn.torn)}." if torn.torn else ""
    more = "".join(
        f" `{one.fixture}` failed in its tear-down: {_said(one)}." for one in torn.errors
    )
    known = f" {cause}" if cause else ""
    return visible(f"{who}: {what}{only}{rest}{more}{known}")


def _outcome(error: FixtureError) -> bool:
    return error.type.rpartition(".")[2] == "Skipped"


def stopped_late(name: str) -> str:
    """Return the message for a stop that came when *name* was up."""
    return f"Stopped, but `{name}` was up by then, and is. Take it down: %asyncfixture down {name}"


def nothing_up() -> str:
    """Return the message if no fixture is up."""
    return "Nothing is up: %asyncfixture up NAME brings one up."


def nothing_up_of(said: str) -> str:
    """Return the message if no fixture of that file is up, though others are."""
    return f"Nothing of {said} is up."
