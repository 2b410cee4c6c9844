"""A look at a running process: what each of its tasks and threads waits for at that moment."""
