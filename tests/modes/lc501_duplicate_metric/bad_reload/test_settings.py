"""A module is loaded again to read its environment; its gauge is registered already."""

# name: connections_open
import importlib

import settings


def test_the_limit_comes_from_the_environment(monkeypatch):
    monkeypatch.setenv("LIMIT", "9")
    importlib.reload(settings)  # LC501
    assert settings.LIMIT == 9
