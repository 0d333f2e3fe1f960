from pathlib import Path

import pytest

from portal.extraction import ExtractionError, Message, messages_of_project, messages_of_python, messages_of_template


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('_("Sign")', [Message("Sign")]),
        ('_("One " "text") % {"n": gettext("Inner")}', [Message("One text"), Message("Inner")]),
        ('translation.ngettext("%(n)d day", "%(n)d days", n)', [Message("%(n)d day", plural="%(n)d days")]),
        ('pgettext_lazy("comment", "Open")', [Message("Open", context="comment")]),
        ('# Translators: weekday.\nx = _("l")', [Message("l", comment="Translators: weekday.")]),
        ('print("Sign")', []),
    ],
)
def test_python_source_gives_its_messages(source: str, found: list[Message]) -> None:
    assert list(messages_of_python(source, "somewhere.py")) == found


@pytest.mark.parametrize("source", ["_(name)", '_(f"{n} days")', '_("a" + b)', 'ngettext("day", many, 2)'])
def test_text_put_together_before_translation_is_refused(source: str) -> None:
    with pytest.raises(ExtractionError, match=r"somewhere\.py:1"):
        list(messages_of_python(source, "somewhere.py"))


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('{% translate "Sign" %} and <b>{% translate \'Say "no"\' %}</b>', [Message("Sign"), Message('Say "no"')]),
        ("{% translate 'State' context 'of a cycle' %}", [Message("State", context="of a cycle")]),
        (
            "{% blocktranslate trimmed with n=1 %}\n  Page {{ n }}\n  of 100 %\n{% endblocktranslate %}",
            [Message("Page %(n)s of 100 %%")],
        ),
        (
            "{% blocktranslate count n=list|length %}{{ n }} day{% plural %}{{ n }} days{% endblocktranslate %}",
            [Message("%(n)s day", plural="%(n)s days")],
        ),
        ('{% include "a.html" with title=_("Sign") %}{{ _("Read") }}', [Message("Sign"), Message("Read")]),
        ("Sign {# translate #}", []),
    ],
)
def test_template_gives_its_messages(source: str, found: list[Message]) -> None:
    assert list(messages_of_template(source, "somewhere.html")) == found


def test_project_says_each_message_once_with_its_plural(tmp_path: Path) -> None:
    (tmp_path / "districts").mkdir()
    (tmp_path / "districts" / "a.py").write_text('_("day")\n', encoding="utf-8")
    (tmp_path / "templates").mkdir()
    template = "{% blocktranslate count n=n %}day{% plural %}days{% endblocktranslate %}"
    (tmp_path / "templates" / "a.html").write_text(template, encoding="utf-8")
    assert list(messages_of_project(tmp_path).values()) == [Message("day", plural="days")]
