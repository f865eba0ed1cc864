"""A person's browser for the tour: follows redirects, fills in forms and presses a button.

It knows nothing of the simulator beyond what a page shows.
"""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import httpx

_MOST_REDIRECTS = 10


@dataclass
class Form:
    """A form with the values that it would send, and its buttons by label."""

    action: str
    method: str
    values: list[tuple[str, str]] = field(default_factory=list)
    buttons: list[tuple[str, str, str]] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._button: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attributes}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), given.get("method", "get").upper()))
        elif tag == "input" and self.forms and "name" in given:
            choice = given.get("type") in ("radio", "checkbox")
            if not choice or "checked" in given:
                self.forms[-1].values.append((given["name"], given.get("value", "")))
        elif tag == "button" and self.forms:
            self._button = (given.get("name", ""), given.get("value", ""))

    def handle_data(self, text: str) -> None:
        if self._button is not None and text.strip():
            self.forms[-1].buttons.append((text.strip(), *self._button))
            self._button = None

    def handle_endtag(self, tag: str) -> None:
        if tag == "button":
            self._button = None


class BrowserError(Exception):
    """A page that this browser cannot use; the text says what it lacks."""


class Browser:
    """Keeps cookies and the page that it shows; raises BrowserError where it cannot go on."""

    def __init__(self) -> None:
        self._http = httpx.Client(timeout=30, follow_redirects=False)
        self._page: httpx.Response | None = None

    def close(self) -> None:
        self._http.close()

    def open(self, url: str, stop_at: str) -> str | None:
        """Opens an address; returns the one it is sent to once that begins with `stop_at`."""
        return self._show("GET", url, None, stop_at)

    def press(self, label: str, stop_at: str) -> str | None:
        """Presses the button whose label begins so."""
        assert self._page is not None
        parser = _Forms()
        parser.feed(self._page.text)
        for form in parser.forms:
            for shown, name, value in form.buttons:
                if shown.startswith(label):
                    data: dict[str, list[str]] = {}
                    for key, given in (*form.values, *([(name, value)] if name else [])):
                        data.setdefault(key, []).append(given)
                    target = urljoin(str(self._page.url), form.action)
                    return self._show(form.method, target, data, stop_at)
        raise BrowserError(f"the page {self._page.url.path} has no button {label!r}")

    def buttons(self) -> list[str]:
        assert self._page is not None
        parser = _Forms()
        parser.feed(self._page.text)
        return [shown for form in parser.forms for shown, _, _ in form.buttons]

    def _show(
        self, method: str, target: str, data: dict[str, list[str]] | None, stop_at: str
    ) -> str | None:
        try:
            response = self._http.request(method, target, data=data)
            for _ in range(_MOST_REDIRECTS):
                if not response.is_redirect:
                    response.raise_for_status()
                    self._page = response
                    return None
                target = urljoin(str(response.url), response.headers["location"])
                if target.startswith(stop_at) and urlsplit(target).fragment:
                    return target
                response = self._http.get(target)
        except httpx.HTTPStatusError as error:
            raise BrowserError(f"{target} answers {error.response.status_code}") from error
        except httpx.HTTPError as error:
            raise BrowserError(f"{target} does not answer: {error}") from error
        raise BrowserError("the page redirects in a circle")
