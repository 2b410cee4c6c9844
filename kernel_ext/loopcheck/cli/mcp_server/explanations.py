"""The page of a failure mode, or the modes that words or a pasted message may mean."""

from collections.abc import Iterable

from loopcheck.cli.mcp_server.results import Result
from loopcheck.cli.typed import LONGEST, WrongInput
from loopcheck.modes import catalogue, pasted
from loopcheck.modes.catalogue import Mode
from loopcheck.report import field_guide
from loopcheck.report._story import visible

MOST = 10  # modes that are listed


def of(words: str) -> Result:
    """Return the page of the mode that *words* name, or a list of those that they may mean."""
    words = words[: pasted.LONGEST]
    mode = catalogue.find(words.strip())
    if mode is not None:
        return _page(mode)
    said = words.split()
    meant = [one.mode for one in pasted.guesses(words)] + (field_guide.select(said) if said else [])
    found = {mode.code: mode for mode in meant}
    if not found:
        shown = visible(words[:LONGEST])
        raise WrongInput(f"No mode has `{shown}` on its page. There are {catalogue.spans()}.")
    return _page(*found.values()) if len(found) == 1 else _listed(found.values())


def _page(mode: Mode) -> Result:
    page = catalogue.page(mode)
    return Result(page, {"code": mode.code, "slug": mode.slug, "page": page})


def _listed(modes: Iterable[Mode]) -> Result:
    """Return one line for each of the nearest *modes*."""
    every = [catalogue.entry(mode) for mode in modes]
    found = [{"code": one.code, "slug": one.slug, "title": one.title} for one in every[:MOST]]
    lines = [f"{one['code']} {one['slug']}: {one['title']}" for one in found]
    if len(every) > MOST:
        lines.append(f"… and {len(every) - MOST} more. More words find fewer.")
    lines.append("The page of one: explain with its code.")
    return Result("\n".join(lines), {"modes": found, "truncated": len(every) > MOST})
