"""Fixtures of a notebook whose names hold their values now: `%%ipytest` still finds them."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any

import pytest


class Displaced:
    """Gives pytest the definitions that `%asyncfixture up` keeps."""

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        names = sys.modules.get("loopcheck.magics.fixtures.notebook_names")
        if names is None or not isinstance(collector, pytest.Module):
            return
        module = sys.modules.get(collector.path.stem)  # ipytest runs a notebook under that name
        if module is None or module is not sys.modules.get("__main__"):
            return
        holder = ModuleType("notebook")
        vars(holder).update(names.displaced())
        manager: Any = collector.session._fixturemanager
        try:
            manager.parsefactories(holder=holder, node=collector)
        except TypeError:  # pytest 8
            manager.parsefactories(holder, collector.nodeid)
