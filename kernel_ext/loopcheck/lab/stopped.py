"""Stop, in one line: the cells behind it wait, and no frame of ours is shown."""


class Stopped(KeyboardInterrupt):
    """Stop was pressed while something ran in a child; it is ended. *args* say what."""

    def _render_traceback_(self) -> list[str]:  # IPython asks for it
        return [f"KeyboardInterrupt: {self}"]
