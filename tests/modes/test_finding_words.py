"""A finding is short: one sentence says what happened, two at most say why, and none is long.

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
