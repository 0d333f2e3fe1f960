"""Keys: suggested once, and frozen where answers may find their question by them."""

import re
from collections.abc import Collection
from itertools import count

from django.utils.text import slugify
from django.utils.translation import gettext as _

from districts.errors import Refused
from reporting.models import DefinitionVersion, Question, Rule
from reporting.queries.outline import published_keys

_LONGEST = 40


def suggested_key(*words: str, taken: Collection[str], otherwise: str) -> str:
    """The first of the words that makes a key, with a number behind it where that is taken; `otherwise` where none does."""
    made = (re.sub(r"^[^A-Za-z]+", "", slugify(word).replace("-", "_")) for word in words)
    start = next((key for key in made if key), otherwise)[: _LONGEST - 3].rstrip("_")
    if start not in taken:
        return start
    return next(key for number in count(2) if (key := f"{start}_{number}") not in taken)


def need_free_key(*, version: DefinitionVersion, question: Question) -> None:
    """Within the whole version, whatever its section."""
    others = Question.objects.filter(section__version=version, key=question.key).exclude(pk=question.pk)
    if other := others.select_related("indicator").first():
        raise Refused(_("The key %(key)s is that of “%(question)s”.") % {"key": question.key, "question": other})


def rename_key(*, version: DefinitionVersion, old: str, new: str) -> None:
    """Rules that are shown at the question follow it. Refused where a published version has the key."""
    if old in published_keys(version.definition_id):
        raise Refused(
            _("The key %(key)s does not change: it stands in a published version, and answers are found by it.") % {"key": old}
        )
    for rule in Rule.objects.filter(version=version, question_keys__contains=[old]):
        rule.question_keys = [new if key == old else key for key in rule.question_keys]
        rule.save(update_fields=["question_keys"])
