"""The watches of one run: installed when there is something to watch, asked when a test fails."""
