"""What needs a question, in words: for whoever is about to delete it, or to give it another indicator."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from reporting.enums import BuiltIn
from reporting.models import Question
from reporting.queries.outline import Outline, dependents_of


def needs_in_words(outline: Outline, *questions: Question) -> Iterator[str]:
    needed = dependents_of(outline.asked, *questions)
    for rule in needed.rules:
        yield _("The rule %(rule)s needs it: change or delete that too.") % {"rule": rule}
    for check in needed.checks:
        yield _("The check “%(check)s” needs it: change or delete that too.") % {"check": check}
    for question in needed.shares:
        values = {"key": question.key, "check": BuiltIn.SHARE_SHIFT.label}
        yield _("%(key)s has it as the total of its check “%(check)s”: name another there.") % values
    for indicator in needed.indicators:
        yield _("%(indicator)s is computed from it.") % {"indicator": indicator}
