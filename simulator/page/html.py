"""The HTML that the page needs: escaped text, elements, tables."""

import html
from collections.abc import Iterable, Sequence


class Html(str):
    """Markup that goes into a page unchanged; any other text is escaped."""

    __slots__ = ()


def escape(value: object) -> Html:
    """Return ``value`` as markup: text is escaped, markup is unchanged."""
    return value if isinstance(value, Html) else Html(html.escape(str(value)))


def element(name: str, /, *content: object, **attributes: str) -> Html:
    """Return one element; ``class_`` stands for the attribute ``class``, and ``http_equiv`` for ``http-equiv``."""
    return Html(f"{void(name, **attributes)}{''.join(map(escape, content))}</{name}>")


def void(name: str, /, **attributes: str) -> Html:
    """Return an element without content and end tag, such as ``meta``."""
    text = "".join(f' {key.rstrip("_").replace("_", "-")}="{html.escape(value)}"' for key, value in attributes.items())
    return Html(f"<{name}{text}>")


def spaced(parts: Iterable[object]) -> Html:
    """Return ``parts``, separated by spaces."""
    return Html(" ".join(map(escape, parts)))


def section(title: str, heads: Sequence[str], rows: Sequence[Sequence[object]], empty: str) -> Html:
    """Return a table under a title, or the sentence ``empty`` if there are no rows."""
    if not rows:
        return element("section", element("h2", title), element("p", empty, class_="none"))
    head = element("tr", *(element("th", text, scope="col") for text in heads))
    body = (element("tr", *(element("td", cell) for cell in row)) for row in rows)
    table = element("table", element("thead", head), element("tbody", *body))
    return element("section", element("h2", title), element("div", table, class_="wide"))
