"""The command `loopcheck`."""
