"""What `%asyncfixture` refuses, each in one line: what happened, why, what to type instead."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from IPython.core.error import UsageError

from loopcheck.magics.near import near
from loopcheck.report import live_fixtures as words
from loopcheck.report._story import listed

if TYPE_CHECKING:
    from loopcheck.labels import Labels
    from loopcheck.magics.fixtures.fixtures_live import LiveFixtures
    from loopcheck.magics.fixtures.held_pytest import Origin

MOST = 12  # names that fit into a line
BUSY = "The fixtures of {} are busy in another cell: wait until it ends, or press Stop."
SUBSHELL = (
    "A subshell has its own loop, and the notebook's cells could not use `{}` there: set it up in "
    "a cell of the notebook."
)


def if_busy(live: LiveFixtures) -> None:
    """Refuse to wait for a cell that sets up or tears down: it may hang, and this is a subshell."""
    if live.held.busy:
        raise UsageError(BUSY.format(live.held.origin.said))


def in_subshell(name: str) -> None:
    """Refuse a loop on which no other cell runs."""
    if threading.current_thread().name.startswith("subshell-"):
        raise UsageError(SUBSHELL.format(name))


def of_up(error: Exception, live: LiveFixtures, asked: str, labels: Labels) -> Exception:
    """Return the exception to raise for an error of `up`."""
    from loopcheck.magics.fixtures import live_outcomes, live_records

    match error:
        case live_outcomes.SetUpFailed():
            failed = live_records.error(error.raised, labels)
            found = live_records.explained(error, live, labels)
            torn = live_records.down(error.torn, labels)
            cause = f"{found[0].code} {found[0].slug}: %loopcheck why." if found else None
            return UsageError(words.failed(error.name, failed, torn, cause))
        case live_outcomes.NoSuchFixture():
            return no_such_fixture(error.name, error.known, live.held.origin)
        case live_outcomes.NoSuchParameter(known=[]):
            return UsageError(
                f"`{error.name}` has no parameters. Try: %asyncfixture up {error.name}"
            )
        case live_outcomes.NoSuchParameter():
            choices = ", ".join(error.known)
            return UsageError(
                f"`{error.name}` has no parameter `{error.param}`: there are"
                f" {choices}.{near(error.param, error.known)}"
            )
        case live_outcomes.OtherParameter():
            names = " ".join(error.holders)
            whom = "" if error.holders == [error.name] else f", for {listed(error.holders)}"
            return UsageError(
                f"`{error.name}` is up with `{error.param}`{whom}: %asyncfixture down {names},"
                f" then %asyncfixture up {asked}"
            )
    return error


def not_up(name: str, up: list[str], holders: list[str]) -> UsageError:
    """Return why `down` leaves *name* alone; it was set up with *holders*."""
    if holders:
        return UsageError(
            f"`{name}` came up with {listed(holders)}: %asyncfixture down {' '.join(holders)}"
        )
    known = f"up: {', '.join(up)}" if up else "nothing is"
    return UsageError(f"`{name}` is not up: {known}.{near(name, up)}")


def no_such_fixture(name: str, known: list[str], origin: Origin) -> UsageError:
    """Return a UsageError: what happened, why, and what to type instead."""
    happened = f"No fixture `{name}` in {origin.said}"
    if not known:
        begin = " Begin a cell with %%asyncfixture." if origin.space is not None else ""
        return UsageError(f"{happened}: there is none yet.{begin}")
    shown = ", ".join(known[:MOST]) + (f" and {len(known) - MOST} more" if known[MOST:] else "")
    return UsageError(f"{happened}: there are {shown}.{near(name, known)}")
