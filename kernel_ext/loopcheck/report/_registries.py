"""Registries, pools, patches and settings as sections: one line for each thing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from loopcheck.records import ConfigRecord, LoopRecord, PatchRecord, PoolRecord, RegistryRecord
from loopcheck.report.sections import Section

SHOWN = 20  # lines of one section: it must fit on a screen
NAMED = 3  # names in one cell


def registries(found: Sequence[RegistryRecord]) -> Section:
    """Return the entries that user code made in the registries of the process."""
    rows = [
        (one.kind, one.name, one.detail or "", str(one.made_at or ""), _loop(one.loop))
        for one in found[:SHOWN]
    ]
    return Section(
        title="registries",
        columns=("kind", "name", "what", "made at", "loop"),
        rows=tuple(rows),
        note=_note(found, "none of yours: no metric, exception handler, exit hook, signal handler"),
    )


def pools(found: Sequence[PoolRecord]) -> Section:
    """Return the use of each pool, and its loop."""
    rows = [
        (
            one.subject.name,
            one.subject.type.rpartition(".")[2],
            _number(one.in_use),
            _number(one.free),
            _number(one.most),
            "closed" if one.closed else "",
            _loop(one.loop),
            _few(_counted(one.holders)),
        )
        for one in found[:SHOWN]
    ]
    return Section(
        title="pools",
        columns=("name", "type", "in use", "free", "most", "state", "loop", "held by"),
        rows=tuple(rows),
        note=_note(found, "none of your names leads to a pool of connections"),
    )


def patches(found: Sequence[PatchRecord]) -> Section:
    """Return the active patches, and where code still uses the original."""
    rows = [
        (one.target, one.double, one.by, str(one.made_at or ""), _few(one.missed))
        for one in found[:SHOWN]
    ]
    return Section(
        title="patches",
        columns=("target", "now", "by", "patched at", "not reached"),
        rows=tuple(rows),
        note=_note(found, "none is active now"),
    )


def config(found: Sequence[ConfigRecord]) -> Section:
    """Return settings and versions; those that need a change say so and come first."""
    in_order = sorted(found, key=lambda one: one.advice is None)
    rows = [(one.name, one.value, one.said_in or "", one.advice or "") for one in in_order[:SHOWN]]
    return Section(
        title="settings",
        columns=("setting", "value", "said in", "say instead"),
        rows=tuple(rows),
        note=_note(found, "none could be read"),
    )


def _note(found: Sequence[object], nothing: str) -> str:
    more = len(found) - SHOWN
    return f"and {more} more" if more > 0 else "" if found else nothing


def _number(count: int | None) -> str:
    return "" if count is None else str(count)


def _loop(loop: LoopRecord | None) -> str:
    if loop is None:
        return ""
    return f"{loop}, closed" if loop.state == "closed" else str(loop)


def _counted(names: Iterable[str]) -> list[str]:
    """Return each name once, with its count: "worker at shop/db.py:12 (3 times)"."""
    return [f"{name} ({many} times)" if many > 1 else name for name, many in Counter(names).items()]


def _few(names: Sequence[str]) -> str:
    more = len(names) - NAMED
    shown = ", ".join(names[:NAMED])
    return f"{shown} and {more} more" if more > 0 else shown
