"""What a version consists of: the form, the words and the writes of each kind of part."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reporting.domain.questions import add_question, change_question, delete_question
from reporting.domain.relations import add_check, add_rule, change_check, change_rule, delete_check, delete_rule
from reporting.domain.sections import add_section, change_section, delete_section
from reporting.forms.definitions import CheckForm, PartForm, QuestionForm, RuleForm, SectionForm
from reporting.models import Check, DefinitionVersion, Question, Rule, Section

Write = Callable[..., Any]


@dataclass(frozen=True)
class Kind:
    model: type[Model]
    form: type[PartForm]
    add: Write
    change: Write
    delete: Write
    to_add: Promise | str
    to_change: Promise | str
    to_delete: Promise | str
    saved: Promise | str
    deleted: Promise | str
    version: str = "version"
    """The way from the row to its version."""

    def rows(self, version_id: int) -> QuerySet[Any]:
        found = self.model._default_manager.filter(**{self.version: version_id})  # noqa: SLF001 (Django's name)
        return found.select_related("section", "indicator") if self.model is Question else found

    def new(self, version: DefinitionVersion) -> Model:
        """A row that is not stored yet. A question finds its version by the section that its form asks for."""
        return self.model() if self.model is Question else self.model(version=version)


KINDS = {
    "section": Kind(
        model=Section,
        form=SectionForm,
        add=lambda row, actor: add_section(section=row, actor=actor),
        change=lambda row, actor: change_section(section=row, actor=actor),
        delete=lambda row, actor: delete_section(section=row, actor=actor),
        to_add=_("Add a section"),
        to_change=_("Section “%(part)s”"),
        to_delete=_("Delete the section “%(part)s”?"),
        saved=_("The section “%(part)s” is saved."),
        deleted=_("The section “%(part)s” is deleted."),
    ),
    "question": Kind(
        model=Question,
        form=QuestionForm,
        add=lambda row, actor: add_question(question=row, actor=actor),
        change=lambda row, actor: change_question(question=row, actor=actor),
        delete=lambda row, actor: delete_question(question=row, actor=actor),
        to_add=_("Add a question"),
        to_change=_("Question “%(part)s”"),
        to_delete=_("Delete the question “%(part)s”?"),
        saved=_("The question “%(part)s” is saved."),
        deleted=_("The question “%(part)s” is deleted."),
        version="section__version",
    ),
    "rule": Kind(
        model=Rule,
        form=RuleForm,
        add=lambda row, actor: add_rule(rule=row, actor=actor),
        change=lambda row, actor: change_rule(rule=row, actor=actor),
        delete=lambda row, actor: delete_rule(rule=row, actor=actor),
        to_add=_("Add a rule"),
        to_change=_("Rule “%(part)s”"),
        to_delete=_("Delete the rule “%(part)s”?"),
        saved=_("The rule “%(part)s” is saved."),
        deleted=_("The rule “%(part)s” is deleted."),
    ),
    "check": Kind(
        model=Check,
        form=CheckForm,
        add=lambda row, actor: add_check(check=row, actor=actor),
        change=lambda row, actor: change_check(check=row, actor=actor),
        delete=lambda row, actor: delete_check(check=row, actor=actor),
        to_add=_("Add a check"),
        to_change=_("Check “%(part)s”"),
        to_delete=_("Delete the check “%(part)s”?"),
        saved=_("The check “%(part)s” is saved."),
        deleted=_("The check “%(part)s” is deleted."),
    ),
}
