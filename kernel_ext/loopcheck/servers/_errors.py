"""The only exception of this package."""


class ServerError(RuntimeError):
    """A server did not start, or has ended. The message says why and what to change."""
