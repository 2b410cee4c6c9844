"""The timeline in each form: what was made where, and what outlived what, at a glance.

`svg` is the picture, `html` shows it in untrusted notebooks, `alt` and `text` say the same.
"""

from __future__ import annotations

from base64 import b64encode
from html import escape
from itertools import islice

from loopcheck.records import Timeline
from loopcheck.report._picture import picture
from loopcheck.report._story import (
    Crossing,
    counted,
    crossings,
    full,
    nothing,
    sentences,
    test_at,
    tidy,
    wrap,
)
from loopcheck.report._twin import drawn


def svg(timeline: Timeline) -> str:
    """Return the picture for an `<img>`, on any background, in light and in dark mode."""
    return picture(tidy(timeline))


def html(timeline: Timeline) -> str:
    """Return the picture with its text folded below, as HTML for untrusted notebooks."""
    source = b64encode(svg(timeline).encode()).decode()
    return (
        f'<img src="data:image/svg+xml;base64,{source}" alt="{escape(alt(timeline))}"'
        ' style="max-width:100%">'
        "<details><summary>The timeline in words</summary>"
        f"<pre>{escape(text(timeline))}</pre></details>"
    )


def alt(timeline: Timeline) -> str:
    """Return the picture in two sentences, for those who do not see it."""
    timeline = tidy(timeline)
    if said := nothing(timeline):
        return said
    loops, crossed = counted(len(timeline.lanes), "loop"), crossings(timeline)
    tests = f"{counted(len(timeline.columns), 'test')} on " if timeline.columns else ""
    more = f" ({counted(len(crossed) - 1, 'more failure')})" if len(crossed) > 1 else ""
    quiet = (*islice(sentences(timeline), 2), "No failure is marked.")
    told = (_told(timeline, crossed[0]),) if crossed else quiet
    return " ".join((f"Timeline of {tests}{loops}{more}.", *told))


def _told(timeline: Timeline, crossed: Crossing) -> str:
    """Return one failure in a sentence, with everything known about its loops."""
    mark, home = crossed.failed, crossed.home
    who, name = test_at(timeline, mark.column) or "a test", f"`{mark.name}`"
    here = full(timeline.lanes[mark.lane].loop)
    code = f": {mark.code}." if mark.code else "."
    if not home:
        return f"{who} used {name} on {here}{code}"
    closed = ", which was closed by then" if crossed.late else ""
    belongs = f"{name} belongs to {full(timeline.lanes[home.lane].loop)}{closed}"
    where = f" on {here}" if home.lane != mark.lane else ""
    return f"{belongs}; {who} used it{where}{code}"


def text(timeline: Timeline, width: int = 88, ascii: bool = False) -> str:
    """Return the timeline for a terminal or a screen reader: drawn in lines, then in sentences."""
    timeline = tidy(timeline, ascii)
    told = (nothing(timeline),) if not timeline.lanes else sentences(timeline)
    lines = (line for said in told if said for line in wrap(said, width, "  "))
    return "\n".join([*drawn(timeline, width, ascii), *lines])
