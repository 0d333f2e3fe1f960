"""What a browser without scripts does: reads a page, fills its form, sends it."""

import re
from datetime import datetime
from typing import Any

from django.test import Client
from lxml import html

from districts.models import User
from reporting.domain.submissions import apply_transition
from reporting.models import Answer, Submission

Fields = dict[str, Any]


def as_user(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


_PART = re.compile(
    r"""#(?P<id>[\w-]+)|\.(?P<cls>[\w-]+)|\[(?P<attr>[\w-]+)(?:(?P<how>[*$^]?)="?(?P<value>[^"\]]*)"?)?\]|(?P<tag>\w+)"""
)
_TESTS = {"": "@{0}='{1}'", "*": "contains(@{0}, '{1}')", "^": "starts-with(@{0}, '{1}')",
          "$": "substring(@{0}, string-length(@{0}) - string-length('{1}') + 1) = '{1}'"}  # fmt: skip


def _xpath(selector: str) -> str:
    """Of the CSS that these tests use: tags, ids, classes, attributes, descendants and children."""
    path = ""
    for word in selector.replace(" > ", " >").split():
        path += "/" if word.startswith(">") else "//"
        tag, conditions = "*", ""
        for part in _PART.finditer(word):
            if part["tag"]:
                tag = part["tag"]
            elif part["id"]:
                conditions += f"[@id='{part['id']}']"
            elif part["cls"]:
                conditions += f"[contains(concat(' ', normalize-space(@class), ' '), ' {part['cls']} ')]"
            elif part["value"] is None:
                conditions += f"[@{part['attr']}]"
            else:
                conditions += f"[{_TESTS[part['how']].format(part['attr'], part['value'])}]"
        path += tag + conditions
    return path


def select(page: html.HtmlElement, selector: str) -> list[html.HtmlElement]:
    """The elements that a CSS selector finds, in the order of the page."""
    return list(page.xpath(" | ".join("." + _xpath(one) for one in selector.split(", "))))


def parse(response: Any) -> html.HtmlElement:
    return html.document_fromstring(response.content.decode())


def text_of(response: Any, selector: str = "main") -> str:
    """The words of a part of the page, blanks folded."""
    return " ".join(" ".join(part.text_content() for part in select(parse(response), selector)).split())


def fields_of(response: Any, form_id: str = "report-form") -> Fields:
    """The form's fields as a browser would send them (it drops the line break that a text area begins with)."""
    (form,) = select(parse(response), f"form#{form_id}")
    texts = {area.get("name") for area in select(form, "textarea")}
    values = {name: value.removeprefix("\n") if name in texts else value for name, value in form.form_values()}
    values.pop("csrfmiddlewaretoken")
    return values


def of_question(fields: Fields, key: str) -> Fields:
    """What autosave sends for one question."""
    names = {"editor", *(f"{part}-{key}" for part in ("seen", "answer", "explanation", "status"))}
    return {name: value for name, value in fields.items() if name in names}


def step(submission: Submission, name: str, actor: User, now: datetime, **kwargs: Any) -> Submission:
    return apply_transition(submission=submission, name=name, actor=actor, now=now, **kwargs)


def answer(submission: Submission, key: str) -> Answer:
    revision = Submission.objects.get(pk=submission.pk).working_revision
    assert revision is not None
    return revision.answers.get(question_key=key)
