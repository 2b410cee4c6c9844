"""An event bus for one process."""

from bus.broker import Bus

__all__ = ["Bus"]
