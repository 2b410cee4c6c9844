"""LC404: the patch that missed is named, and the name that it should have replaced."""

import json
from dataclasses import replace
from textwrap import dedent

import pytest

from loopcheck.modes.doubles.lc404_patched_wrong_name import SUPERSEDES, detect
from loopcheck.records import Evidence, MissedPatch, Place

pytest_plugins = ["pytester"]

PLUGIN = ("-p", "pytest_asyncio.plugin", "-p", "loopcheck.plugin", "--loopcheck", "--tb=line")
KEPT = """
    from unittest.mock import patch

    import pytest

    def charge():
        raise RuntimeError("the real one ran")

    {keepers}

    @pytest.mark.asyncio
    async def test_pays():
        with patch(f"{{__name__}}.charge", return_value="fake"):
            assert {call} == "fake"
"""
TABLE = "HANDLERS = {'pay': charge}"
DEFAULT = "def pay(how=charge): return how()"
CLASS = "class Till: pay = charge"
MISSED = MissedPatch(
    target="rates.connect",
    how="copy",
    place=Place("test_checkout.py", 20),
    name="checkout.connect",
    kept_at=Place("checkout.py", 3),
    used_at=Place("checkout.py", 9),
    double="AsyncMock",
)


def test_the_patch_and_the_import_that_keeps_the_original_are_named() -> None:
    [found] = detect(Evidence(unmet=MISSED))
    assert (found.where, found.made_at, found.certainty) == (
        MISSED.place,
        MISSED.kept_at,
        "certain",
    )
    assert found.what == (
        "test_checkout.py:20 replaces `rates.connect`, but the code looks up `checkout.connect`"
        " (checkout.py:9), which is still the original."
    )
    assert "checkout.py:3" in found.why
    assert found.fix.startswith("Patch the name that the code looks up: 'checkout.connect'.")


def test_a_global_that_the_patched_function_would_have_set_is_named_as_none() -> None:
    setter = Place("sessions.py", 8, "init_client")
    seen = replace(MISSED, how="none", name="sessions.client", kept_at=setter, none=True)
    [found] = detect(Evidence(unmet=seen))
    assert found.what.startswith("`sessions.client` is None because")


def test_an_import_that_took_none_along_is_the_line_to_change() -> None:
    line = Place("booking.py", 1)
    seen = replace(MISSED, how="stale", target="database.pool", name="booking.pool", place=line)
    [found] = detect(Evidence(unmet=replace(seen, kept_at=line)))
    assert found.where == line
    assert found.fix == "Use `import database` there, and read `database.pool` when it is needed."


@pytest.mark.parametrize("how", ["twin", "early", "kept", "depends", "unmade", "typo", "namesake"])
def test_each_way_of_missing_says_what_to_patch(how: str) -> None:
    seen = replace(MISSED, how=how, twin="src.rates")  # type: ignore[arg-type]
    [found] = detect(Evidence(unmet=seen))
    assert "checkout.connect" in found.what
    assert found.fix.endswith(".")


def test_what_was_only_inferred_is_likely() -> None:
    [found] = detect(Evidence(unmet=replace(MISSED, sure=False)))
    assert found.certainty == "likely"


@pytest.mark.parametrize("missed", [None, replace(MISSED, place=None)])
def test_without_a_patch_that_missed_there_is_no_finding(missed: MissedPatch | None) -> None:
    assert not list(detect(Evidence(unmet=missed)))


def test_a_server_that_was_never_to_be_asked_is_a_symptom() -> None:
    assert "LC506" in SUPERSEDES


@pytest.mark.parametrize(
    ("keepers", "call", "named"),
    [
        ([TABLE], "HANDLERS['pay']()", "HANDLERS"),
        ([DEFAULT], "pay()", "pay"),
        ([CLASS], "Till.pay()", "Till.pay"),
        ([TABLE, DEFAULT], "pay()", None),
        ([CLASS, TABLE], "Till.pay()", None),
    ],
    ids=["table", "default", "class", "table or default", "class or table"],
)
def test_the_only_thing_that_keeps_the_original_is_named(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    keepers: list[str],
    call: str,
    named: str | None,
) -> None:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    kept = "\n    ".join(keepers)
    pytester.makepyfile(test_shop=dedent(KEPT.format(keepers=kept, call=call)))
    report = pytester.path / "report.json"
    pytester.runpytest_subprocess(*PLUGIN, f"--loopcheck-json={report}")
    found = json.loads(report.read_text())["findings"]
    names = [(one["code"], one["subject"]["name"]) for one in found]
    assert names == ([("LC404", f"test_shop.{named}")] if named else [])
