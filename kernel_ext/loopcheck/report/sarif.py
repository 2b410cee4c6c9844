"""Findings as SARIF 2.1.0, which code scanning and editors read: rules, places, and edits as fixes.

A path is a URI relative to the repository, so that a log names no folder of this machine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import quote

from loopcheck.modes import catalogue
from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits, Place
from loopcheck.report._story import visible

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
ROOT = "%SRCROOT%"  # what readers take for the root of the repository
InRepository = Callable[[str], str | None]  # a file from the run's root: from the repository's
Json = dict[str, Any]


def log(
    failures: Iterable[Finding], silent: Iterable[Finding], path: InRepository, version: str
) -> str:
    """Return a log of one run: findings of failed tests are errors, those of passed ones warnings.

    What is possibly intended is a note, whatever the outcome of the test.
    """
    levels = (("error", failures), ("warning", silent))
    found = [(level, one) for level, findings in levels for one in findings]
    codes = sorted({one.code for _, one in found})
    driver: Json = {"name": "loopcheck", "version": version, "rules": [*map(_rule, codes)]}
    run: Json = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": [_result(one, level, codes.index(one.code), path) for level, one in found],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=1) + "\n"


def _rule(code: str) -> Json:
    rule: Json = {"id": code}
    mode = catalogue.find(code)
    if mode is None:
        return rule
    entry = catalogue.entry(mode)
    parts = (("What", entry.what), ("Why", entry.why), ("Fix", entry.fix))
    return rule | {
        "name": entry.slug,
        "shortDescription": {"text": entry.title},
        "fullDescription": {"text": entry.what},
        "help": {
            "text": "\n\n".join(f"{name}: {said}" for name, said in parts),
            "markdown": "\n\n".join(f"**{name}.** {said}" for name, said in parts),
        },
    }


def _result(one: Finding, level: str, rule: int, path: InRepository) -> Json:
    result: Json = {
        "ruleId": one.code,
        "ruleIndex": rule,
        "level": "note" if one.certainty == "possible" else level,
        "message": {"text": _message(one)},
        "partialFingerprints": {"loopcheck/v1": _fingerprint(one)},
        "properties": dict(_properties(one)),
    }
    if one.where is not None and (place := _location(one.where, path)) is not None:
        if one.source is not None:
            place["physicalLocation"]["region"]["snippet"] = {"text": one.source}
        result["locations"] = [place]
    if related := [*_related(one, path)]:
        result["relatedLocations"] = related
    if fixes := [*filter(None, (_fix(way, path) for way in one.edits))]:
        result["fixes"] = fixes
    return result


def _message(one: Finding) -> str:
    tests = f"{one.test}, and {len(one.also)} more" if one.also else one.test
    said = (one.what, one.why, f"Fix: {one.fix}", f"Test: {tests}" if tests else "")
    return "\n".join(visible(" ".join(part.split())) for part in said if part)


def _properties(one: Finding) -> Iterator[tuple[str, object]]:
    """Yield what SARIF has no word for."""
    yield "certainty", one.certainty
    if one.test is not None:
        yield "tests", [visible(test) for test in (one.test, *one.also)]
    if one.subject is not None:
        yield "subject", visible(one.subject.name)


def _fingerprint(one: Finding) -> str:
    """Return what stays the same of a fault while lines above it come and go."""
    file = one.where.file if one.where is not None else ""
    known = (one.code, file, one.source or "", one.subject.name if one.subject else "")
    said = "\0".join(known).encode("utf-8", "backslashreplace")
    return hashlib.sha256(said).hexdigest()[:32]


def _related(one: Finding, path: InRepository) -> Iterator[Json]:
    """Yield where the object was made and used."""
    for said, on, place in (
        ("made here", one.made_on, one.made_at),
        ("used here", one.used_on, one.used_at),
    ):
        location = _location(place, path) if place is not None else None
        if location is not None:
            text = f"{said}, on {on}" if on else said
            yield {**location, "message": {"text": visible(text)}}


def _location(place: Place, path: InRepository) -> Json | None:
    file = _file(place.file, path)
    if file is None or place.line < 1:
        return None
    return {"physicalLocation": {"artifactLocation": file, "region": {"startLine": place.line}}}


def _file(name: str, path: InRepository) -> Json | None:
    """Return a file of the repository; None for any other."""
    file = path(name)
    if file is None:
        return None
    return {"uri": quote(file.encode("utf-8", "surrogateescape")), "uriBaseId": ROOT}


def _fix(way: Edits, path: InRepository) -> Json | None:
    """Return one way to mend a fault; None if it changes a file that is not the repository's."""
    changes: dict[str, list[Edit]] = {}
    for edit in way.changes:
        changes.setdefault(edit.file, []).append(edit)
    files = {name: _file(name, path) for name in changes}
    if None in files.values():
        return None
    return {
        "description": {"text": way.words},
        "artifactChanges": [
            {"artifactLocation": files[name], "replacements": [*map(_replacement, edits)]}
            for name, edits in changes.items()
        ],
    }


def _replacement(edit: Edit) -> Json:
    """Return a change; SARIF counts columns from 1."""
    region = {
        "startLine": edit.start[0],
        "startColumn": edit.start[1] + 1,
        "endLine": edit.end[0],
        "endColumn": edit.end[1] + 1,
    }
    return {"deletedRegion": region, "insertedContent": {"text": edit.text}}
