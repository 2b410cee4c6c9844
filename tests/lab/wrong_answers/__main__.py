"""Grades the wrong answers, all or those of the codes that are given, and writes the page."""

import sys

import pytest
import warm_child  # type: ignore[import-not-found]

import wrong_answers  # type: ignore[import-not-found]
from loopcheck.lab import exercises
from wrong_answers import page

warm_child.put_in(pytest.MonkeyPatch())
asked = {code.upper() for code in sys.argv[1:]}
stems = [one for one in exercises.stems() if not asked or exercises.code_of(one) in asked]
found = {}
for stem in stems:
    found[stem] = {one.name: wrong_answers.outcome(one) for one in wrong_answers.of(stem)}
    for name, one in found[stem].items():
        print(f"{exercises.code_of(stem)} {one.word:10} {name}", flush=True)
text = page.updated(page.PAGE.read_text("utf-8"), found) if asked else page.page(found)
page.PAGE.write_text(text, "utf-8")
print(f"written: {page.PAGE}")
sys.exit(any(one.accepted for heard in found.values() for one in heard.values()))
