"""A cause in brief: few lines, each whole, for every finding that the samples have."""

import json
from pathlib import Path
from typing import Any

import pytest

from loopcheck.modes import catalogue
from loopcheck.modes.finding import Finding
from loopcheck.report import brief
from loopcheck.report import json as json_words

GOLDEN = Path(__file__).parents[1] / "modes" / "golden.json"
RERUN = "pytest --loopcheck-hang=1 tests/checkout/test_cart.py::test_price_of_a_cart"


def stored() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = json.loads(GOLDEN.read_text("utf-8"))
    return found


def finding(known: dict[str, Any]) -> Finding:
    mode = catalogue.find(known["code"])
    assert mode is not None
    return json_words.read_finding({**known, "slug": mode.slug})


def made(**given: Any) -> Finding:
    known = {"code": "LC202", "certainty": "certain", "what": "It ran.", "why": "", "fix": "Stop."}
    return finding(known | given)


def test_every_finding_of_the_samples_fits() -> None:
    for sample, found in stored().items():
        for known in found:
            said = brief.cause(finding(known), rerun=RERUN)
            first, *rest = said.split("\n")
            assert len(rest) == 2, sample
            assert len(said) <= brief.MOST, sample
            assert first.startswith(f"{known['where']['file']}:" if "where" in known else "LC")


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Stop.", "Stop."),
        ("Stop. " + "Go on and on. " * 40, "Stop. " + "Go on and on. " * 23),
    ],
)
def test_a_fix_keeps_its_first_sentences(said: str, shown: str) -> None:
    lines = brief.cause(made(fix=said.strip()), rerun="pytest").split("\n")
    assert lines == [
        "LC202 never-awaited (certain): It ran.",
        f"  fix    {shown.strip()}",
        "  rerun  pytest",
    ]


def test_a_sentence_that_is_too_long_ends_at_a_word() -> None:
    said = brief.cause(made(fix="Go, " + "go, " * 200 + "go."), rerun="pytest")
    assert said.split("\n")[1].endswith(" go …")
    assert brief.MOST - len("go, ") <= len(said) <= brief.MOST


def test_a_diff_takes_the_place_of_the_fix() -> None:
    said = brief.cause(made(), rerun="pytest", diff=["- save()", "+ await save()"])
    assert said.split("\n")[1:] == ["  - save()", "  + await save()", "  rerun  pytest"]


def test_a_diff_with_no_room_leaves_the_place_to_words() -> None:
    said = brief.cause(made(), rerun="pytest", diff=["- " + "a" * 200, "+ " + "b" * 200])
    assert said.split("\n")[1:] == ["  fix    Stop.", "  rerun  pytest"]


def test_no_name_steers_the_terminal() -> None:
    said = brief.cause(made(what="`\x1b[2J` ran."), rerun="pytest 'test_it.py::test_x[\x07]'")
    assert said.isprintable() or said.replace("\n", "").isprintable()
    assert "\\x1b[2J" in said
