"""Follows the registration of metrics, in runs that have prometheus_client loaded."""

from __future__ import annotations

import sys
from collections.abc import Callable

LIBRARY = "prometheus_client.registry"


class Registrations:
    """Installs the watch as soon as the library is loaded: modules make metrics on import."""

    def __init__(self) -> None:
        self.undo: Callable[[], None] | None = None

    def loaded(self) -> None:
        """Watch if the library was imported by now."""
        if self.undo is None and LIBRARY in sys.modules:
            from loopcheck.watch import registrations  # late: most runs have no metrics

            self.undo = registrations.install()

    def end(self) -> None:
        if self.undo is not None:
            self.undo()
