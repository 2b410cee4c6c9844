"""A result that shows itself: complete as plain text, the same content richer as HTML."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class View:
    """What a magic returns. The terminal takes the text, Jupyter the HTML."""

    text: str
    html: str | None = None

    def __repr__(self) -> str:
        return self.text

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        bundle = {"text/plain": self.text}
        if self.html is not None:
            bundle["text/html"] = self.html
        return bundle
