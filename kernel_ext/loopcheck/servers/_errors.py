"""The one exception of this room."""


class ServerError(RuntimeError):
    """A server did not start, or is gone. The message says why and what to change."""
