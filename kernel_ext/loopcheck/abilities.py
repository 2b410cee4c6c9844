"""What the platform can do: in a browser tab, Python has one thread and starts no process.

The only place that knows the platforms; everything else asks here.
"""

from __future__ import annotations

import sys

_SANDBOXES = ("emscripten", "wasi")  # Pyodide is the first
_INFO = getattr(sys, "_emscripten_info", None)

# Emscripten can be built with threads; Pyodide is not, since they need headers from the server.
THREADS = sys.platform not in _SANDBOXES or bool(getattr(_INFO, "pthreads", False))
PROCESSES = sys.platform not in _SANDBOXES

NO_THREADS = (
    "this Python has no threads, so loopcheck doesn't watch for hangs and blocked event loops"
)
