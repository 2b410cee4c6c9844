"""`python -m loopcheck` is the command `loopcheck`."""

import sys

from loopcheck.cli.main import main

sys.exit(main())
