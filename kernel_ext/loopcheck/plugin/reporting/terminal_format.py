"""How a terminal shows findings: in full to people, in brief to coding agents, or as JSON."""

from __future__ import annotations

import os
from typing import Any

import pytest

OPTION = "--loopcheck-format"
FORMATS = ("full", "brief", "json")
# Coding agents set these for the commands that they run. What an editor sets for all of its
# terminals, as CURSOR_TRACE_ID, is not among them: people type there.
AGENTS = (
    *("AI_AGENT", "AGENT"),  # for any: AGENT=goose, AGENT=amp
    "CLAUDECODE",
    *("CODEX_CI", "CODEX_SANDBOX", "CODEX_THREAD_ID"),
    "COPILOT_CLI",
    "CURSOR_AGENT",
    "GEMINI_CLI",
    *("AMP_CURRENT_THREAD_ID", "ANTIGRAVITY_AGENT", "AUGMENT_AGENT", "CLINE_ACTIVE"),
    *("GOOSE_TERMINAL", "OPENCODE", "QWEN_CODE"),
)
WITHOUT_FAILURES = "no"  # the value of --tb


def checked(said: str) -> str:
    """Return the format in *said*; an unknown one is a usage error."""
    if said and said not in FORMATS:
        raise pytest.UsageError(
            f"{OPTION}: there is no `{said}`. Choose from {', '.join(FORMATS)}."
        )
    return said


def run_by_agent() -> bool:
    """True if a coding agent has started this process."""
    return any(os.environ.get(name) for name in AGENTS)


class TerminalFormat:
    """The format of one run; it depends on the options that pytest has when it shows failures."""

    def __init__(self, said: str, traceback_style: str | None) -> None:
        self.said, self.style = checked(said), traceback_style
        self.by_agent = run_by_agent()  # now: tests may change the environment

    def of(self, terminal: Any) -> str:
        """Return the name of the format for *terminal*."""
        if self.said:
            return self.said
        to_agent = self.by_agent and not getattr(terminal, "isatty", False)
        return "brief" if to_agent or self._shown_by_another(terminal) else "full"

    def only_counts(self, terminal: Any) -> bool:
        """True if the summary only counts each finding: its failure has the rest."""
        return self.of(terminal) == "full" and not (self.said and _hides_failures(terminal))

    def _shown_by_another(self, terminal: Any) -> bool:
        """True if a plugin has switched pytest's failures off: it shows them in its own way."""
        return _hides_failures(terminal) and self.style != WITHOUT_FAILURES


def _hides_failures(terminal: Any) -> bool:
    return bool(terminal.config.getoption("tbstyle", None) == WITHOUT_FAILURES)
