"""The only code that hooks into the process. Each `install()` returns its `undo()`."""
