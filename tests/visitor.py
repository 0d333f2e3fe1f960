"""A person with a browser without scripts, on the other side of real HTTP: opens pages, fills forms, follows redirects."""

from dataclasses import dataclass
from http.cookiejar import CookieJar
from urllib.error import HTTPError
from urllib.parse import urlencode, urljoin, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener

from lxml import html

from districts.models import User
from tests.factories import PASSWORD

Fields = dict[str, str]


@dataclass(frozen=True)
class Page:
    """What came back at the end of the redirects."""

    url: str
    status: int
    content: bytes
    headers: dict[str, str]

    @property
    def path(self) -> str:
        return urlsplit(self.url).path

    @property
    def tree(self) -> html.HtmlElement:
        return html.document_fromstring(self.content.decode(), base_url=self.url)

    @property
    def words(self) -> str:
        return " ".join(self.tree.text_content().split())


class Visitor:
    def __init__(self, address: str) -> None:
        self.address = address
        self.cookies = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.cookies))

    @classmethod
    def signed_in(cls, address: str, user: User) -> "Visitor":
        """Through the sign-in page, as everybody."""
        visitor = cls(address)
        entrance = visitor.get("/accounts/login/")
        page = visitor.press(entrance, "/accounts/login/", login=user.email, password=PASSWORD)
        assert page.path != "/accounts/login/", page.words
        return visitor

    def get(self, path: str) -> Page:
        return self._ask(Request(urljoin(self.address, path)))

    def post(self, path: str, fields: Fields, headers: dict[str, str] | None = None) -> Page:
        return self._ask(Request(urljoin(self.address, path), data=urlencode(fields).encode(), headers=headers or {}))

    def save(self, path: str, fields: Fields) -> Page:
        """What the page's script sends for one question."""
        (token,) = (cookie.value for cookie in self.cookies if cookie.name == "csrftoken")
        return self.post(path, fields, {"HX-Request": "true", "X-CSRFToken": token or ""})

    def press(self, page: Page, action: str, **typed: str) -> Page:
        """Send the page's form that goes to `action` (the page's own address where the form names none), with what is typed."""
        (form,) = (
            form
            for form in page.tree.forms
            if form.method == "POST" and urlsplit(urljoin(page.url, form.get("action") or "")).path == action
        )
        outside = page.tree.xpath("//*[@form=$id]", id=form.get("id") or "none")
        asked = {*form.fields.keys(), *(field.get("name") for field in outside)}
        assert typed.keys() <= asked, f"{action} asks for {asked}"
        return self.post(action, dict(form.form_values()) | typed)

    def _ask(self, request: Request) -> Page:
        try:
            response = self._opener.open(request, timeout=30)
        except HTTPError as refusal:
            response = refusal
        with response:
            return Page(response.url, response.status, response.read(), dict(response.headers.items()))
