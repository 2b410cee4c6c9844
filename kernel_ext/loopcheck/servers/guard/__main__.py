"""`python -I -S …/guard/__main__.py`: what an owner starts, without site and user paths."""

import sys

# Only the guard is found by its file: it has no other paths.
sys.path.append(__file__.rpartition("loopcheck")[0])

from loopcheck.servers.guard import serve

serve.main()
