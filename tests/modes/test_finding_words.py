"""A finding is short: one sentence says what happened, two at most say why, and none is long.

What to change is about the line to change, whose source it shows.

Read from the golden file, that is, from the findings of all samples.
"""

import json
import re
import sys
from pathlib import Path

import pytest

from golden import FILE

sys.path.insert(0, str(Path(__file__).parents[2] / "scripts"))

import check_prose

FOUND = [one for found in json.loads(FILE.read_text(encoding="utf-8")).values() for one in found]
MOST = {"what": 1, "why": 2}  # sentences
LONGEST = 30  # words in one of them
PLACE = re.compile(r"[\w./\[\]-]*\.(?:py|ini|toml|cfg):\d+")


def sentences(text: str) -> list[str]:
    plain = re.sub(r"`[^`]*`|“[^”]*”", "code", text)
    return [one for one in re.split(r"(?<=[.!?:])\s+", plain) if one.strip()]


def complaints(finding: dict[str, str]) -> set[str]:
    heard = set()
    for part in ("what", "why", "fix"):
        text = finding.get(part, "")
        if len(sentences(text)) > MOST.get(part, 99):
            heard.add(f"{part} has {len(sentences(text))} sentences: {text}")
        heard |= {
            f"{part} has a long sentence: {one}"
            for one in sentences(text)
            if len(one.split()) > LONGEST
        }
        heard |= {
            f"{part}: {one.what}"
            for one in check_prose.complaints_of(check_prose.Text(FILE, 1, text, prose=False))
        }
    return heard


@pytest.mark.parametrize("code", sorted({one["code"] for one in FOUND}))
def test_the_words_of_a_finding_are_few_and_plain(code: str) -> None:
    heard = {text for one in FOUND if one["code"] == code for text in complaints(one)}
    assert not heard, "\n".join(sorted(heard))


@pytest.mark.parametrize("code", sorted({one["code"] for one in FOUND}))
def test_a_fix_that_names_lines_names_the_line_to_change(code: str) -> None:
    astray = []
    for one in FOUND:
        named, where = PLACE.findall(one["fix"]), one.get("where")
        if one["code"] == code and named:
            at = f"{where['file']}:{where['line']}" if where else "no line"
            if at not in named:
                astray.append(f"{at}, and the fix says: {one['fix']}")
    assert not astray, "\n".join(astray)


def test_the_line_to_change_shows_its_source() -> None:
    named = [one["where"] for one in FOUND if "where" in one]
    bare = [where for where in named if not where.get("source")]
    assert len(bare) < len(named) / 50, bare
    assert all(len(where["source"].splitlines()) == 1 for where in named if where not in bare)
