"""Every URL of the portal, walked from the resolver; the admin site's registry is part of it."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse


@dataclass(frozen=True)
class Url:
    """`name` with its namespace; the route itself where it has none."""

    name: str
    route: str
    arguments: tuple[str, ...]

    def path(self, arguments: Mapping[str, Any]) -> str:
        if self.name != self.route:
            return reverse(self.name, kwargs={name: arguments[name] for name in self.arguments})
        filled = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(arguments[found[1]]), self.route)
        return "/" + re.sub(r"\(\?P<(\w+)>[^)]*\)\$?", lambda found: str(arguments[found[1]]), filled)


def all_urls() -> dict[str, Url]:
    found = list(_walk(get_resolver(), "", "", ()))
    by_name = {url.name: url for url in found}
    assert len(by_name) == len(found), "two URLs share a name"
    return by_name


def _walk(resolver: URLResolver, namespace: str, prefix: str, outer: tuple[str, ...]) -> Iterator[Url]:
    for pattern in resolver.url_patterns:
        route, arguments = prefix + str(pattern.pattern), (*outer, *pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLPattern):
            yield Url(f"{namespace}{pattern.name}" if pattern.name else route, route, arguments)
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern, inner, route, arguments)
