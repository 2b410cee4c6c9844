"""Findings as JSON, schema 2, and back: a report from CI reads like one made here."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from loopcheck.light import names_of
from loopcheck.modes import catalogue
from loopcheck.modes.finding import Finding
from loopcheck.records import (
    Column,
    Edit,
    Edits,
    FixtureRecord,
    Lane,
    Look,
    LoopRecord,
    Mark,
    Place,
    Span,
    Subject,
    Timeline,
)
from loopcheck.report._fits import fits
from loopcheck.report._story import clip, visible

SCHEMA = 2
OLDER = (1,)  # without edits: read, too
LONGEST = 40  # characters shown of a value that should be a number
ODD = "The report is damaged: loopcheck writes no value of this kind."


def finding(found: Finding) -> dict[str, Any]:
    """Return *found* as plain values, without unknown ones."""
    known = _plain(found)
    mode = catalogue.find(found.code)
    if mode is None or mode.has_lesson:
        known["lesson"] = found.lesson
    if not found.again:
        del known["again"]
    if found.source is not None:
        known["where"]["source"] = found.source
    order = (
        "code slug certainty test phase count also subject where made_at used_at made_on used_on "
        "what why fix remedy edits lesson again"
    )
    return {key: known[key] for key in order.split() if key in known}


def _plain(value: object, *, whole: bool = False) -> Any:
    """Return a record as plain values; only if *whole* with those that are unknown or empty."""
    if (names := names_of(value)) is not None:
        fields = {name: getattr(value, name) for name in names}
        return {
            name: _plain(kept, whole=whole)
            for name, kept in fields.items()
            if whole or kept not in (None, ())
        }
    if isinstance(value, tuple):
        return [_plain(part, whole=whole) for part in value]
    return value


def read_finding(known: dict[str, Any]) -> Finding:
    """Return the finding that *known* describes."""
    places = {key: _place(known.get(key)) for key in ("where", "made_at", "used_at")}
    subject = known.get("subject")
    return Finding(
        code=known["code"],
        slug=known["slug"],
        certainty=known["certainty"],
        what=known["what"],
        why=known["why"],
        fix=known["fix"],
        subject=Subject(**subject) if subject else None,
        source=(known.get("where") or {}).get("source"),
        made_on=known.get("made_on"),
        used_on=known.get("used_on"),
        test=known.get("test"),
        phase=known.get("phase"),
        count=known.get("count", 1),
        also=tuple(known.get("also", ())),
        remedy=tuple(known.get("remedy", ())),
        edits=tuple(_edits(one) for one in known.get("edits", ())),
        again=known.get("again", False),
        **places,
    )


def _edits(known: dict[str, Any]) -> Edits:
    changes = (
        Edit(file=one["file"], start=tuple(one["start"]), end=tuple(one["end"]), text=one["text"])
        for one in known["changes"]
    )
    return Edits(changes=tuple(changes), safe=known["safe"], words=known["words"])


def _place(known: dict[str, Any] | None) -> Place | None:
    if not known:
        return None
    # A later version may have more to say of a place.
    return Place(**{key: known[key] for key in ("file", "line", "name") if key in known})


def report(
    found: Sequence[Finding],
    *,
    version: str,
    tests: int,
    failed: int,
    explained: int,
    counted_alike: int = 0,
    timeline: Timeline,
    ignored: int = 0,
    fixtures: Sequence[FixtureRecord] = (),
    digests: Mapping[str, str] | None = None,
) -> str:
    """Return the whole report of a run; *digests* are those of the files that edits change."""
    whole: dict[str, Any] = {
        "schema": SCHEMA,
        "loopcheck": version,
        "findings": [finding(one) for one in found],
        **_counts(tests, failed, explained, counted_alike, ignored),
    }
    if digests:
        whole["digests"] = dict(sorted(digests.items()))
    if timeline.columns:
        whole["timeline"] = _plain(timeline, whole=True)
    if fixtures:
        whole["fixtures"] = [_plain(one) for one in fixtures]
    return _written(whole) + "\n"


def _counts(
    tests: int, failed: int, explained: int, counted_alike: int, ignored: int
) -> dict[str, Any]:
    counts = {"tests": tests, "explained": explained, "ignored": ignored}
    if counted_alike:
        counts["counted_alike"] = counted_alike
    return {"counts": counts, "failed": failed}


def line(found: Finding) -> str:
    """Return *found* as one line for a terminal of any encoding."""
    return json.dumps(finding(found))


def line_of_counts(
    *, tests: int, failed: int, explained: int, counted_alike: int, ignored: int
) -> str:
    """Return the numbers of a report, without its findings, as one line."""
    return json.dumps(
        {"schema": SCHEMA, **_counts(tests, failed, explained, counted_alike, ignored)}
    )


def look(seen: Look) -> str:
    """Return what a look saw as plain values, without unknown or empty ones."""
    return _written({"schema": SCHEMA, **_plain(seen)})


def _written(whole: object) -> str:
    """Return *whole* as JSON that any encoding of Unicode can hold.

    A file's name may have bytes that are not text; Python keeps them as lone surrogates.
    """
    said = json.dumps(whole, indent=1, ensure_ascii=False)
    return said.encode("utf-8", "backslashreplace").decode("utf-8")


class NotAReport(ValueError):
    """The text is not a loopcheck report; the message says why, and how to make one."""


def read(said: str) -> tuple[tuple[Finding, ...], Timeline, dict[str, int]]:
    """Return findings, timeline and counts of a report, among them the failed tests."""
    try:
        whole = json.loads(said)
        schema = whole["schema"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise NotAReport(
            "Not a loopcheck report: no schema in it. Make one with `pytest --loopcheck-json=FILE`."
        ) from None
    if schema not in (*OLDER, SCHEMA):
        said = clip(visible(f"{schema}"), LONGEST)
        raise NotAReport(f"This report has schema {said}, and this loopcheck reads {SCHEMA}.")
    try:
        found = tuple(read_finding(one) for one in whole["findings"])
        counts = {**whole["counts"], "failed": whole.get("failed", whole["counts"]["explained"])}
        timeline = _timeline(whole.get("timeline", {}))
    except KeyError as error:
        raise NotAReport(f"The report is not whole: {visible(f'{error}')} is missing.") from None
    except (TypeError, AttributeError):
        raise NotAReport(ODD) from None
    parts = ((found, tuple[Finding, ...]), (timeline, Timeline))
    if not all(fits(*one) for one in parts) or not all(type(one) is int for one in counts.values()):
        raise NotAReport(ODD)
    return found, timeline, counts


def read_digests(said: str) -> dict[str, str]:
    """Return the SHA-256 of each file that the edits of a report change, as it was then."""
    known = json.loads(said).get("digests", {})
    return {str(file): str(digest) for file, digest in known.items()}


def read_fixtures(said: str) -> tuple[FixtureRecord, ...]:
    """Return the fixtures of a report: reports made for a notebook have them."""
    return tuple(_fixture(one) for one in json.loads(said).get("fixtures", ()))


def _fixture(known: dict[str, Any]) -> FixtureRecord:
    made = {**known, "place": _place(known.get("place")), "needs": tuple(known.get("needs", ()))}
    made["loops"] = tuple(_loop(one) for one in known.get("loops", ()))
    return FixtureRecord(**made)


def _loop(known: dict[str, Any]) -> LoopRecord:
    places = {key: _place(known.get(key)) for key in ("made_at", "started_at", "stopped_at")}
    return LoopRecord(**{**known, **places})


def _timeline(known: dict[str, Any]) -> Timeline:
    return Timeline(
        columns=tuple(Column(**one) for one in known.get("columns", ())),
        lanes=tuple(_lane(one) for one in known.get("lanes", ())),
        marks=tuple(Mark(**one) for one in known.get("marks", ())),
        left_out=known.get("left_out", 0),
    )


def _lane(known: dict[str, Any]) -> Lane:
    return Lane(
        loop=_loop(known["loop"]),
        first=known["first"],
        last=known["last"],
        spans=tuple(Span(**one) for one in known["spans"]),
    )
