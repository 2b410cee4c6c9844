"""`python -I -S …/guard/__main__.py`: what an owner starts. Neither site nor the user's paths."""

import sys

# The guard is the only part that is found by its file: it has no other paths.
sys.path.append(__file__.rpartition("loopcheck")[0])

from loopcheck.servers.guard import serve

serve.main()
