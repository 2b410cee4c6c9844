r"""Ctrl-\ while tests run: what each task and thread waits for at that moment."""
