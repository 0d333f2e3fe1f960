"""What is English in a page or a mail that somebody reads in Chinese."""

import re
from collections.abc import Iterable, Iterator

from django.apps import apps
from django.db.models import Model
from lxml import html

from districts.models import District, Industry, OutgoingMail, Profile, User, WorkdayOverride
from reporting.models import (
    ActionItem,
    Adjustment,
    AgendaItem,
    Answer,
    Attendance,
    Bulletin,
    Comment,
    Conclusion,
    Definition,
    DefinitionVersion,
    EnquiryMessage,
    Event,
    Indicator,
    JobItem,
    KeyTask,
    KeyTaskExtension,
    KeyTaskFile,
    KeyTaskRecord,
    KeyTaskUpdate,
    Outlet,
    Petition,
    Placement,
    Practice,
    PracticeAdoption,
    PublicityItem,
    Question,
    Release,
    ReminderPolicy,
    Revision,
    Rule,
    Scan,
    Section,
    Submission,
    Symposium,
    TargetIssue,
    WorkbookUpload,
)

_READ_ALOUD = ("title", "aria-label", "placeholder", "alt", "data-label", "data-confirm", "aria-description", "label")
_SILENT = {"script", "style", "textarea", "code", "pre"}
_ICON = "material-symbols"
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]+")
_NOT_WORDS = re.compile(
    r"""[\w.+-]+@[\w.-]+          # addresses
    |https?://\S+
    |\b(?:19|20)\d\d-(?:Q1|S1|Q3|A1)\b
    |\b[0-9a-f]{16,}\b            # digests
    |\b[A-Z0-9]+(?:-[A-Z0-9]+)+\b # receipt numbers
    """,
    re.VERBOSE,
)
ALLOWED = frozenset(
    {
        "CSV",
        "Ctrl",
        "Alt",
        "Enter",
        "XLSX",
        "ZIP",
        "xlsx",
        "docx",
        "HTML",
        "SHA-",
        "SHA",
        "PDF",
        "JPEG",
        "PNG",
        "MB",
        "English",
        "zh-hans",
        "en",
        "esc",
        "JSON",
        "Schema",
    }
)
_TYPED: dict[type[Model], tuple[str, ...]] = {
    apps.get_model("districts", "UserEvent"): ("full_name",),
    User: ("full_name", "email", "phone", "job_title"),
    Answer: ("raw", "explanation"),
    Comment: ("text", "reply"),
    EnquiryMessage: ("text",),
    KeyTaskFile: ("name",),
    Event: ("note",),
    KeyTask: ("title", "description", "reference", "deliverable"),
    KeyTaskExtension: ("why", "answer"),
    KeyTaskRecord: ("note",),
    KeyTaskUpdate: ("text",),
    Profile: ("positioning", "advantages", "brand", "path", "contacts"),
    Symposium: ("title", "place", "chair", "assessment"),
    Attendance: ("person", "note"),
    AgendaItem: ("remarks",),
    Conclusion: ("text",),
    ActionItem: ("title", "deliverable"),
    Release: ("title", "title_zh", "summary", "reason"),
    Bulletin: ("headline", "body", "issuer"),
    Placement: ("link",),
    Practice: ("title", "summary", "result", "contact", "reason"),
    PracticeAdoption: ("note",),
    TargetIssue: ("note",),
    PublicityItem: ("title", "summary", "place", "reason"),
    Petition: ("what", "why", "answer"),
    Revision: ("nil_reason", "receipt_number", "statement", "signed_name"),
    Scan: ("name",),
    JobItem: ("name", "message"),
    WorkbookUpload: ("name",),
    Adjustment: ("reason",),
    WorkdayOverride: ("reason",),
    OutgoingMail: ("last_error", "subject"),
    District: ("code",),
    Indicator: ("code", "formula"),
    Definition: ("slug",),
    Section: ("key",),
    Question: ("key",),
    Rule: ("key", "expression"),
}
"""What people wrote, codes, and what is kept in the words of one person: the same in every language."""
_ENGLISH: dict[type[Model], tuple[str, ...]] = {
    District: ("name",),
    Indicator: ("name", "unit"),
    Industry: ("name",),
    Outlet: ("name",),
    Submission: ("district_name",),
    Definition: ("name",),
    DefinitionVersion: ("statement",),
    Section: ("title",),
    Question: ("label",),
    Rule: ("message",),
    ReminderPolicy: ("name",),
}
"""The English wording, which only the pages of the configuration show beside the Chinese one."""


def data_of(*, with_english: bool = False) -> list[str]:
    """Texts of the database that are no words of the portal; the longest first."""
    found: set[str] = set()
    for model, fields in [*_TYPED.items(), *(_ENGLISH.items() if with_english else ())]:
        for row in model._default_manager.values_list(*fields):
            found.update(text for text in row if text)
    return sorted(found, key=len, reverse=True)


def english_in(text: str, data: Iterable[str] = ()) -> set[str]:
    text = _NOT_WORDS.sub(" ", text)
    for known in data:
        text = text.replace(known, " ").replace(known.capitalize(), " ")
    return set(_WORD.findall(text)) - ALLOWED


def english_in_page(page: str, data: Iterable[str] = ()) -> set[str]:
    return english_in("\n".join(_texts(page)), data)


def _texts(page: str) -> Iterator[str]:
    """What is seen or read aloud; parts that say that they are in another language are."""
    for element in html.document_fromstring(page).iter():
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            yield element.tail or ""
            continue
        named = any(one.get("lang", "zh-hans") != "zh-hans" for one in (element, *element.iterancestors()))
        if not named and _ICON not in element.get("class", ""):
            yield element.text or ""
            yield from (element.get(name, "") for name in _READ_ALOUD)
            if element.tag == "input" and element.get("type") in {"submit", "button", "reset"}:
                yield element.get("value", "")
        yield element.tail or ""
