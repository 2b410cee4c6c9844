"""`loopcheck binder-link`: links that open a repository's lessons in Binder."""

import re
from urllib.parse import quote, urlsplit

COPY = "workbook"  # binder/start makes this folder: lessons without outputs and solutions
HUB = "https://mybinder.org"
PICTURE = "/badge_logo.svg"
OWNER_AND_NAME = re.compile(r"[\w.-]+/[\w.-]+")
AS_SSH_SAYS_IT = re.compile(r"(?:[\w.-]+@)?([\w-]+(?:\.[\w-]+)+):(?!//)(.+)")
ON_THIS_MACHINE = re.compile(r"file:|[A-Za-z]:[\\/]|[./~\\]")


class NotForBinderError(ValueError):
    """Binder cannot open this input; the text is the sentence to show."""


def link(repo: str, lesson: str, ref: str, hub: str = HUB) -> str:
    """Return the address that builds *repo* at *ref* and opens *lesson*."""
    where = urlsplit(hub)
    if where.scheme not in ("http", "https") or not where.hostname:
        raise NotForBinderError(f"`{hub}` is no address of a BinderHub. Try: --hub {HUB}")
    opened = quote(f"lab/tree/{COPY}/{lesson}.ipynb", safe="")
    at = quote(ref, safe="")
    return f"{hub.rstrip('/')}/v2/{_provider(repo)}/{at}?urlpath={opened}"


def badges(link: str, lesson: str) -> dict[str, str]:
    """Return *link* as text for a README, by kind of markup."""
    code = lesson.partition("_")[0].upper()
    said = f"Open {code if code.startswith('LC') else 'the lessons'} in Binder"
    picture = HUB + PICTURE
    return {
        "markdown": f"[![{said}]({picture})]({link})",
        "rst": f".. image:: {picture}\n   :target: {link}\n   :alt: {said}",
        "html": f'<a href="{link}"><img src="{picture}" alt="{said}"></a>',
    }


def _provider(repo: str) -> str:
    """Return a BinderHub's name for *repo*: its host in two letters, and the repository there."""
    repo = repo.strip()
    if OWNER_AND_NAME.fullmatch(repo) and repo[0] not in ".~":
        return f"gh/{repo.removesuffix('.git')}"
    if ON_THIS_MACHINE.match(repo):
        raise NotForBinderError(
            f"`{repo}` is on this machine; Binder needs an address that it can clone."
            " Try: loopcheck binder-link --repo OWNER/NAME"
        )
    if ssh := AS_SSH_SAYS_IT.fullmatch(repo):
        repo = f"https://{ssh[1]}/{ssh[2]}"
    parts = urlsplit(repo)
    path = parts.path.strip("/")
    if parts.password:
        raise NotForBinderError(
            "The address holds a password, which everyone who clicks the link would get. Leave it "
            "out."
        )
    if not parts.scheme or not parts.hostname or "/" not in path:
        raise NotForBinderError(
            f"`{repo}` is no repository. Try: loopcheck binder-link --repo OWNER/NAME"
        )
    host = parts.hostname.removeprefix("www.")
    if host == "github.com":
        return "gh/" + "/".join(path.removesuffix(".git").split("/")[:2])
    if host == "gitlab.com":
        return "gl/" + quote(path.removesuffix(".git"), safe="")
    address = f"https://{host}" + (f":{parts.port}" if parts.port else "") + f"/{path}"
    return "git/" + quote(address, safe="")
