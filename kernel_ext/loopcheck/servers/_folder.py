"""A folder that does not exist yet, in the system's temporary folder."""

import os
import secrets
import tempfile


def new() -> str:
    """Return its name, or raise `OSError`."""
    return os.path.join(_temporary(), f"loopcheck-{secrets.token_hex(8)}")


def _temporary() -> str:
    """Return what `tempfile` would, without its test file, which a SIGKILL would leave."""
    if tempfile.tempdir:
        return str(tempfile.tempdir)
    named = (os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    for each in (*filter(None, named), "/tmp"):
        if os.path.isdir(each) and os.access(each, os.W_OK | os.X_OK):
            return os.path.abspath(each)
    return tempfile.gettempdir()
