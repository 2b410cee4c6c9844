"""ipytest as the lessons need it: tests in a thread of their own, stable words, findings kept."""

from collections.abc import Callable

from IPython.core.interactiveshell import InteractiveShell

ADDOPTS = (
    *("-q", "--color=no", "--tb=short", "-p", "no:cacheprovider"),
    *("-o", "console_output_style=classic"),  # no percentages, which need a full line
    # a cell that imports pytest_asyncio does so before pytest could rewrite its asserts
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
PLUGINS = ("pytest_asyncio.plugin", "loopcheck.faces.plugin")  # a lesson's words need no others
PLAIN = ("-p", "loopcheck.lab.plain_frames")


def _plugins() -> list[str]:
    """Return the options that choose plugins: loading all takes 2 s, and some change the words."""
    import pytest

    if pytest.version_tuple[:2] < (8, 4):  # no such option yet
        return ["-p", "no:randomly", *PLAIN]
    named = [part for name in PLUGINS for part in ("-p", name)]
    return ["--disable-plugin-autoload", *named, *PLAIN]


def install(shell: InteractiveShell) -> Callable[[], None]:
    """Set ipytest up for *shell*; return what puts everything back as it was."""
    import ipytest  # type: ignore[import-untyped]  # late: an extra that may be missing
    from ipytest import _config

    before, magics = dict(_config.current_config), shell.magics_manager.magics["cell"]
    had, kept = magics.get("ipytest"), tuple(before["addopts"])
    ipytest.autoconfig(run_in_thread=True, addopts=[*ADDOPTS, *_plugins(), *_keep(kept)])

    def undo() -> None:
        # ipytest can turn its magic on but warns when it is to turn it off
        ipytest.config(**{**before, "magics": _config.current_config["magics"]})
        _config.current_config.update(before)
        if had is None:
            magics.pop("ipytest", None)

    return undo


def _keep(already: tuple[str, ...]) -> list[str]:
    """Return the option that fills the journal, where `%load_ext loopcheck` has set it."""
    return [option for option in already if option == "--loopcheck-keep"]
