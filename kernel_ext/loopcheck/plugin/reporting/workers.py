"""Faults that an xdist worker finds after the last report of a test: sent when the worker ends."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from loopcheck.plugin.found import Found

KEY = "loopcheck"


class Workers:
    """Packs them in the worker, and unpacks them where the report is written."""

    def __init__(self, found: Found) -> None:
        self.found = found

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        output = getattr(session.config, "workeroutput", None)
        if output is None:
            return
        from loopcheck.report import json as json_words

        output[KEY] = {
            "late": [json_words.finding(one) for one in self.found.late],
            "ignored": dict(self.found.ignored_late),
            "notes": list(self.found.notes),
        }

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Unpack what a worker sends at its end; one that crashed sends nothing."""
        said = getattr(node, "workeroutput", {}).get(KEY)
        if said is None:
            return
        from loopcheck.report import json as json_words

        for one in map(json_words.read_finding, said["late"]):
            self.found.late.append(one)
            self.found.keep_silent(one)
        self.found.ignored.update(said["ignored"])
        self.found.notes += [note for note in said["notes"] if note not in self.found.notes]
