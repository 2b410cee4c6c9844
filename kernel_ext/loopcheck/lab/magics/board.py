"""`%stuck`, and `%progress` for the class board: `--share`, `--unshare`, `--board`."""

import os
from collections.abc import Callable
from dataclasses import replace

from IPython.core.error import UsageError

from loopcheck.lab.arguments import as_written
from loopcheck.lab.board import BoardDown, BoardError, asking, sharing, shown
from loopcheck.lab.board.row import LONGEST_NAME, LONGEST_WORDS, Row, cleaned
from loopcheck.lab.board.sending import SENDER
from loopcheck.lab.magics import Table
from loopcheck.lab.stopped_cell import Stopped
from loopcheck.report.view import View

USAGE = "%stuck [what it is about …], or %stuck --down"
FIRST = (
    "you share nothing, so nobody would see your hand. Share first: %progress --share --name NAME"
)
WHAT = "lesson, which requirements are met, hints taken; no code"
AGAIN = "You can go on: the next verdict tries again. %progress --unshare stops sharing."


def table() -> Table:
    """Return the magic by kind and name."""
    return {("line", "stuck"): stuck}


@as_written
def stuck(line: str) -> None:
    """Raise a hand on the class board: `%stuck [what it is about …]`.

    `%stuck --down` lowers it, and so does solving the exercise.
    """
    words = line.strip()
    if words.startswith("--") and words != "--down":
        raise UsageError(f"%stuck: `{words.split()[0]}` is not an option. Write: {USAGE}")
    down = words == "--down"
    before, broken = sharing.read()
    if before is None:
        raise UsageError(f"%stuck: {broken or FIRST}")
    if down and before.hand is None:
        print("Your hand was not up.")
        return
    hand = None if down else cleaned(words, LONGEST_WORDS)
    row = _changed("%stuck", lambda row: replace(_where(row), hand=hand))
    place = f" at {shown.lesson(row.lesson)}" if row.lesson else ""
    done = (
        "Your hand is down."
        if down
        else f"Your hand is up{place}. %stuck --down lowers it, solving the exercise does too."
    )
    print(_sent("%stuck") or done)


def share(name: str | None) -> None:
    """Share from now on, as *name*; print what goes to the board."""
    before, broken = sharing.read()
    called = _called(name, before)
    try:
        asking.find()
        sharing.keep(_where(replace(before, name=called)) if before else sharing.opened(called))
    except BoardError as error:
        raise UsageError(f"%progress --share: {error}") from None
    if broken:
        print(broken)
    try:
        trouble = _sent("%progress --share")
    except UsageError:
        if before is None:
            sharing.end()
        raise
    done = f"You share with the class board as {called}: {WHAT}. Each verdict updates it. "
    print(
        trouble
        or f"{done}%progress --unshare deletes your row, else the board does after seven days."
    )


def _called(name: str | None, before: Row | None) -> str:
    """Return the name to share: the passed one, else the last one, else the Hub's."""
    known = before.name if before else os.environ.get("JUPYTERHUB_USER", "")
    if called := cleaned(known if name is None else name, LONGEST_NAME):
        return called
    raise UsageError("%progress --share: a name is missing. Add --name and what to call you.")


def unshare() -> None:
    """Stop sharing, and delete the row on the board."""
    try:
        sharing.end()
        asking.find()
    except BoardError as error:
        raise UsageError(f"%progress --unshare: {error}") from None
    trouble = SENDER.now()
    print(
        f"{trouble} Nothing more is sent. The board deletes your row after seven days, or with the "
        "next %progress --unshare."
        if trouble
        else "The class board has deleted your row, and nothing more is sent."
    )


def board() -> View:
    """Return the board, for the facilitator."""
    try:
        found = shown.read(asking.find())
    except BoardError as error:
        raise UsageError(f"%progress --board: {error}") from None
    return View(shown.as_text(found), shown.as_html(found))


def note(step: Callable[[Row], Row]) -> None:
    """Send a verdict if anything is shared, and print the error of the last attempt.

    No cell waits for it, and none fails because of it.
    """
    try:
        if sharing.change(step) is None:
            return
    except BoardError as error:
        print(error)
        return
    for said in _untold():
        print(said)
    SENDER.soon()


def sharing_lines() -> list[str]:
    """Return the lines on what is shared, and on errors."""
    row, broken = sharing.read()
    if row is None:
        return [broken] if broken else []
    hand = "" if row.hand is None else ", and your hand is up (%stuck --down lowers it)"
    known = f"The class board knows you as {row.name}{hand}. %progress --unshare ends that."
    return [known, *_untold()]


def _untold() -> list[str]:
    said = SENDER.untold()
    return [f"{said} {AGAIN}"] if said else []


def _where(row: Row) -> Row:
    stem = sharing.here()
    return sharing.moved(row, stem) if stem else row


def _changed(magic: str, step: Callable[[Row], Row]) -> Row:
    try:
        row = sharing.change(step)
    except BoardError as error:
        raise UsageError(f"{magic}: {error}") from None
    if row is None:  # another notebook has just stopped sharing
        raise UsageError(f"{magic}: {FIRST}")
    return row


def _sent(magic: str) -> str | None:
    """Send now; return the line to print if the board is down, raise UsageError if it refuses."""
    try:
        trouble = SENDER.now()
    except KeyboardInterrupt:
        raise Stopped(f"{magic} no longer waits for the class board") from None
    if trouble is None:
        return None
    if isinstance(trouble, BoardDown):
        return f"{trouble} {AGAIN}"
    raise UsageError(f"{magic}: {trouble}")
