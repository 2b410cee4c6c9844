"""What loopcheck puts on the report of a test, and under which names."""

# Attributes of a report: plain values, so that xdist carries them along.
KEY, SILENT, IGNORED = "loopcheck", "loopcheck_silent", "loopcheck_ignored"
ALIKE = "loopcheck_alike"  # what failures of the same kind had: this one was not looked at
WORDS = frozenset({KEY, SILENT, IGNORED, ALIKE})
AGAIN = "loopcheck_again"  # what a second run of the test has shown
TITLE = "loopcheck"  # of the section under a failure
