"""`python -m loopcheck` is the command `loopcheck`."""

import sys

from loopcheck.faces.cli import main

sys.exit(main())
