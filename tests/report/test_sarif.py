"""The SARIF log: it fits the standard, and its places and fixes are those of the findings.

The schema below is the part of SARIF 2.1.0 that we write, with its names, types and limits. What
the standard does not know is refused.
"""

import json
from collections.abc import Mapping
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

from loopcheck.modes.finding import Finding
from loopcheck.records import Edit, Edits, Place, Subject
from loopcheck.report import sarif
from loopcheck.source.changes.edited_text import applied

TEXT = {"type": "string"}
COUNT = {"type": "integer", "minimum": 1}


def thing(required: str = "", **properties: object) -> dict[str, object]:
    known = {"type": "object", "additionalProperties": False, "properties": properties}
    return {**known, "required": required.split()}


def many(items: object, least: int = 0) -> dict[str, object]:
    return {"type": "array", "items": items, "minItems": least}


MESSAGE = thing("text", text=TEXT, markdown=TEXT)
ARTIFACT = thing(uri={"type": "string", "format": "uri-reference"}, uriBaseId=TEXT)
COLUMNS = {"startColumn": COUNT, "endLine": COUNT, "endColumn": COUNT}
REGION = thing("startLine", startLine=COUNT, snippet=thing(text=TEXT), **COLUMNS)
PLACE = thing("artifactLocation", artifactLocation=ARTIFACT, region=REGION)
LOCATION = thing(physicalLocation=PLACE, message=MESSAGE)
REPLACEMENT = thing("deletedRegion", deletedRegion=REGION, insertedContent=thing(text=TEXT))
CHANGE = thing(
    "artifactLocation replacements", artifactLocation=ARTIFACT, replacements=many(REPLACEMENT, 1)
)
RULE = thing(
    "id", id=TEXT, name=TEXT, shortDescription=MESSAGE, fullDescription=MESSAGE, help=MESSAGE
)
RESULT = thing(
    "message",
    ruleId=TEXT,
    ruleIndex={"type": "integer", "minimum": -1},
    level={"enum": ["none", "note", "warning", "error"]},
    message=MESSAGE,
    locations=many(LOCATION),
    relatedLocations={**many(LOCATION), "uniqueItems": True},
    fixes=many(thing("artifactChanges", description=MESSAGE, artifactChanges=many(CHANGE, 1))),
    partialFingerprints={"type": "object", "additionalProperties": TEXT},
    properties={"type": "object"},
)
DRIVER = thing("name", name=TEXT, version=TEXT, rules=many(RULE))
KINDS = {"enum": ["utf16CodeUnits", "unicodeCodePoints"]}
RUN = thing("tool", tool=thing("driver", driver=DRIVER), columnKind=KINDS, results=many(RESULT))
SCHEMA = {
    **thing("version runs", version={"enum": ["2.1.0"]}, runs=many(RUN)),
    "$schema": "http://json-schema.org/draft-07/schema#",
}
SCHEMA["properties"]["$schema"] = {"type": "string", "format": "uri"}  # type: ignore[index]

FOUND = Finding(
    code="LC202",
    slug="never-awaited",
    certainty="certain",
    what="A coroutine of `put` was created and never awaited.",
    why="Not one line of it ran.",
    fix="`await` the call at tests/test cart.py:7.",
    subject=Subject(name="put", type="coroutine"),
    where=Place(file="tests/test cart.py", line=7),
    source='store.put("ä", 1)',
    made_at=Place(file="tests/conftest.py", line=3),
    made_on="loop 1",
    used_at=Place(file="/usr/lib/somewhere.py", line=9),
    test="tests/test cart.py::test_put",
    also=("tests/test cart.py::test_get",),
    edits=(
        Edits(
            changes=(
                Edit(file="tests/test cart.py", start=(1, 10), end=(1, 10), text="await "),
                Edit(file="tests/test cart.py", start=(2, 0), end=(3, 0), text=""),
            ),
            safe=True,
            words="await the call",
        ),
    ),
)


def here(file: str) -> str | None:
    return None if file.startswith("/") else f"shop/{file}"


def log(*failures: Finding, silent: tuple[Finding, ...] = ()) -> Any:
    whole = json.loads(sarif.log(failures, silent, here, "1.0"))
    jsonschema.validate(whole, SCHEMA, cls=jsonschema.Draft7Validator)
    return whole


def results(whole: Mapping[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = whole["runs"][0]["results"]
    return found


def test_a_log_without_findings_is_a_log() -> None:
    assert results(log()) == []


def test_a_finding_is_a_result_at_its_line_with_a_rule_that_explains_it() -> None:
    whole = log(FOUND)
    (one,) = results(whole)
    place = one["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {
        "uri": "shop/tests/test%20cart.py",
        "uriBaseId": "%SRCROOT%",
    }
    assert place["region"] == {"startLine": 7, "snippet": {"text": 'store.put("ä", 1)'}}
    assert one["message"]["text"].splitlines()[0] == FOUND.what
    assert one["properties"]["tests"] == [FOUND.test, *FOUND.also]
    (rule,) = whole["runs"][0]["tool"]["driver"]["rules"]
    assert (rule["id"], rule["name"]) == ("LC202", "never-awaited")
    assert "**Fix.** " in rule["help"]["markdown"]


def test_files_outside_the_repository_are_left_out() -> None:
    (one,) = results(log(FOUND))
    (related,) = one["relatedLocations"]
    assert related["message"]["text"] == "made here, on loop 1"
    away = Place(file="/usr/lib/somewhere.py", line=9)
    (one,) = results(log(_but(where=away, made_at=None, edits=())))
    assert not {"locations", "relatedLocations", "fixes"} & set(one)


def test_the_level_is_that_of_the_outcome_and_what_may_be_meant_so_is_a_note() -> None:
    maybe = _but(certainty="possible")
    whole = log(FOUND, silent=(_but(code="LC201", slug="task-leak"), maybe))
    assert [one["level"] for one in results(whole)] == ["error", "warning", "note"]
    rules = [rule["id"] for rule in whole["runs"][0]["tool"]["driver"]["rules"]]
    assert [rules[one["ruleIndex"]] for one in results(whole)] == ["LC202", "LC201", "LC202"]


def test_a_fix_makes_the_same_text_as_the_edit() -> None:
    before = 'x = 1; ä  store.put("ä")\nsecond\nthird\n'
    (fix,) = results(log(FOUND))[0]["fixes"]
    (change,) = fix["artifactChanges"]
    assert fix["description"]["text"] == "await the call"
    assert _replaced(before, change["replacements"]) == applied(before, FOUND.edits[0].changes)


def test_a_fingerprint_stays_when_lines_above_come_and_go() -> None:
    moved = _but(where=Place(file="tests/test cart.py", line=70))
    other = _but(source="store.put(2)")
    marks = [
        one["partialFingerprints"]["loopcheck/v1"] for one in results(log(FOUND, moved, other))
    ]
    assert marks[0] == marks[1] != marks[2]


@pytest.mark.parametrize("name", ["tests/\udcff.py", "tests/a#b?.py", "tests/ü.py"])
def test_any_name_of_a_file_is_a_uri(name: str) -> None:
    (one,) = results(log(_but(where=Place(file=name, line=1))))
    uri = one["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri.isascii()
    assert not set("#?") & set(uri)


def _but(**changed: object) -> Finding:
    known = {name: getattr(FOUND, name) for name in FOUND.__dataclass_fields__}
    return Finding(**{**known, **changed})


def _replaced(text: str, replacements: list[dict[str, Any]]) -> str:
    """Make the replacements of a fix as the standard says: columns from 1, the last first."""
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    for one in sorted(replacements, key=lambda one: -one["deletedRegion"]["startLine"]):
        region = one["deletedRegion"]
        begin = starts[region["startLine"] - 1] + region["startColumn"] - 1
        end = starts[region["endLine"] - 1] + region["endColumn"] - 1
        text = text[:begin] + one["insertedContent"]["text"] + text[end:]
    return text
