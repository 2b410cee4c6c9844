"""The watches of one run: installed when there is something to watch, read when a test fails."""
