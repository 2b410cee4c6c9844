"""The page of a failure mode, or the modes that words or a pasted message may mean."""

from collections.abc import Sequence

from loopcheck.cli.mcp_server.results import Result
from loopcheck.cli.typed import LONGEST, WrongInput
from loopcheck.modes import catalogue, nearest_modes
from loopcheck.modes.catalogue import Mode
from loopcheck.report._story import visible


def of(words: str) -> Result:
    """Return the page of the mode that *words* name, or a list of those that they may mean."""
    found = nearest_modes.find(words)
    if not found:
        shown = visible(words[:LONGEST])
        raise WrongInput(f"No mode has `{shown}` on its page. There are {catalogue.spans()}.")
    return _page(found[0]) if len(found) == 1 else _listed(found)


def _page(mode: Mode) -> Result:
    page = catalogue.page(mode)
    return Result(page, {"code": mode.code, "slug": mode.slug, "page": page})


def _listed(modes: Sequence[Mode]) -> Result:
    every = [catalogue.entry(mode) for mode in modes[: nearest_modes.MOST]]
    found = [{"code": one.code, "slug": one.slug, "title": one.title} for one in every]
    lines = [*nearest_modes.lines(modes), "The page of one: explain with its code."]
    return Result("\n".join(lines), {"modes": found, "truncated": len(modes) > len(found)})
