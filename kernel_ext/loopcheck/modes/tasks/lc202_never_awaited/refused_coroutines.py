"""The words for a coroutine that a function took to run it, and left alone."""

from __future__ import annotations

from loopcheck.modes.finding import Finding
from loopcheck.records import CoroutineTaker, NeverAwaited, Subject


def finding(one: NeverAwaited, taker: CoroutineTaker, code: str, slug: str) -> Finding:
    """Name the function that took the coroutine to run it, and ended without having done so."""
    return Finding(
        code=code,
        slug=slug,
        certainty="likely",
        subject=Subject(name=one.name, type="coroutine"),
        where=taker.at or one.made_at,
        made_at=one.made_at if taker.at else None,
        what=f"A coroutine of `{one.name}` was created, passed to `{taker.call}`, and never"
        " awaited.",
        why=f"`{taker.name}` takes `{taker.parameter}` to run it, and this call did not get so"
        " far.",
        fix=_fix_taker(one, taker),
    )


def _fix_taker(one: NeverAwaited, taker: CoroutineTaker) -> str:
    here = f" at {one.made_at}" if one.made_at else ""
    method = taker.name.rpartition(".")[2]
    if taker.at is None:
        return (
            f"Where `{taker.call}` refuses it{here}, `close()` the coroutine, or create it only"
            f" when `{method}` can run it."
        )
    closes = f"call `{taker.parameter}.close()` where it ends without running it"
    if taker.is_list:
        closes = f"`close()` each of `{taker.parameter}` that it does not run"
    return (
        f"Let `{method}`, at {taker.at}, {closes}. Or pass the function `{one.name}`{here}, for"
        f" `{method}` to call when it runs it."
    )
