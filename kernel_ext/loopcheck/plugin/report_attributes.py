"""What loopcheck puts on the report of a test, and under which names."""

# Attributes of a report: plain values, so that xdist transports them.
KEY, SILENT, IGNORED = "loopcheck", "loopcheck_silent", "loopcheck_ignored"
ALIKE = "loopcheck_alike"  # the findings of failures of the same kind: this one was not looked at
WORDS = frozenset({KEY, SILENT, IGNORED, ALIKE})
AGAIN = "loopcheck_again"  # the findings of a second run
TITLE = "loopcheck"  # title of the section under a failure
