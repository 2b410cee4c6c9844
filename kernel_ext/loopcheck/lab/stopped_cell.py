"""A stopped cell, in one line: later cells don't run, and no frame of ours shows."""


class Stopped(KeyboardInterrupt):
    """The learner pressed Stop while a child process ran; the child has ended. *args* say which."""

    def _render_traceback_(self) -> list[str]:  # IPython calls it
        return [f"KeyboardInterrupt: {self}"]
