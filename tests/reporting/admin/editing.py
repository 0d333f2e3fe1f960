"""Requests of an administrator who builds a version in the editor."""

from collections.abc import Mapping
from typing import Any

from django.test import Client
from django.urls import reverse
from lxml import html

from reporting.models import DefinitionVersion


def url(version: DefinitionVersion, name: str = "change", *rest: Any) -> str:
    return reverse(f"admin:reporting_definitionversion_{name}", args=[version.pk, *rest])


def tree(response: Any) -> Any:
    return html.fromstring(response.content.decode())


def words(response: Any) -> str:
    return " ".join(tree(response).text_content().split())


def form_of(client: Client, address: str) -> dict[str, Any]:
    """What the form of a page sends as it stands; without the buttons."""
    form = tree(client.get(address)).xpath("//form[@data-part]")[0]
    values = [(name, value.removeprefix("\n")) for name, value in form.form_values()]  # of a text area, as a browser reads it
    sent = {name: [value for other, value in values if other == name] for name, _value in values}
    return {name: values if len(values) > 1 or name == "question_keys" else values[0] for name, values in sent.items()}


def post_form(client: Client, address: str, typed: Mapping[str, Any]) -> Any:
    return client.post(address, form_of(client, address) | dict(typed))


def token(client: Client, version: DefinitionVersion) -> str:
    """The order as the page shows it."""
    return tree(client.get(url(version))).xpath("//form[@id='moves']/input[@name='seen']/@value")[0]


def outline(version: DefinitionVersion) -> list[tuple[str, list[str]]]:
    """The sections with the keys of their questions, in order."""
    sections = version.sections.order_by("position", "pk")
    return [
        (section.key, list(section.questions.order_by("position", "pk").values_list("key", flat=True))) for section in sections
    ]


def move(client: Client, version: DefinitionVersion, kind: str, part: Any, **posted: Any) -> Any:
    body = {"seen": token(client, version)} | posted
    return client.post(url(version, "part_move", kind, part.pk), body)
