"""Filters of the bureau's lists. None offers a value that reaches beyond the person's portfolio."""

from abc import ABC, abstractmethod
from typing import Any

from django.contrib.admin import ModelAdmin, SimpleListFilter
from django.contrib.admin.utils import label_for_field
from django.contrib.admin.views.main import ChangeList
from django.db.models import Exists, F, OuterRef, Q, QuerySet, TextChoices
from django.db.models.expressions import Combinable
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import DropdownFilter

from districts.enums import DistrictPermission
from districts.models.district import PeerGroup
from districts.queries.access import districts_for
from reporting.enums import EDITABLE_STATES, EnquiryState, EventKind, PetitionKind, PetitionState, SubmissionState
from reporting.enums.key_tasks import KeyTaskSource, KeyTaskState, Signal
from reporting.enums.practices import PracticeState, PracticeTopic
from reporting.enums.publicity import PublicityKind, PublicityState
from reporting.models import Cycle, KeyTaskExtension
from reporting.queries.checks import CHECKED
from reporting.queries.key_tasks import with_signal
from reporting.queries.review import WAITING

_Lookups = list[tuple[Any, Any]]
_Conditions = dict[str, Q | Exists | Combinable]
_CYCLES_SHOWN = 40
_OWED = [SubmissionState.NOT_STARTED, SubmissionState.AWAITING_SIGNATURE, *EDITABLE_STATES]


class StateFilter(DropdownFilter):
    title = _("state")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> _Lookups:  # noqa: ARG002
        return [("waiting", _("Waiting for the bureau")), *SubmissionState.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        value = self.value()
        if value == "waiting":
            return queryset.filter(state__in=WAITING)
        return queryset.filter(state=value) if value in SubmissionState.values else queryset


class CycleFilter(DropdownFilter):
    """The latest cycles; `path` leads from the list's rows to their cycle."""

    title = _("cycle")
    parameter_name = "cycle"
    path = "cycle"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> _Lookups:  # noqa: ARG002
        cycles = Cycle.objects.opened().select_related("definition")[:_CYCLES_SHOWN]
        return [(str(cycle.pk), str(cycle)) for cycle in cycles]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        value = self.value() or ""
        return queryset.filter(**{self.path: int(value)}) if value.isascii() and value.isdigit() else queryset


class EventCycleFilter(CycleFilter):
    path = "submission__cycle"


class _ChoiceFilter(DropdownFilter):
    """One of a few choices; `path` leads from the list's rows to the field that has them."""

    choices_of: type[TextChoices]
    path: str

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> _Lookups:  # noqa: ARG002
        return list(self.choices_of.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        value = self.value()
        return queryset.filter(**{self.path: value}) if value in self.choices_of.values else queryset


class PeerGroupFilter(_ChoiceFilter):
    title = _("peer group")
    parameter_name = "peer_group"
    choices_of, path = PeerGroup, "district__peer_group"


class EnquiryStateFilter(_ChoiceFilter):
    title = _("state")
    parameter_name = "state"
    choices_of, path = EnquiryState, "state"


class PetitionStateFilter(_ChoiceFilter):
    title = _("state")
    parameter_name = "state"
    choices_of, path = PetitionState, "state"


class PetitionKindFilter(_ChoiceFilter):
    title = _("request")
    parameter_name = "kind"
    choices_of, path = PetitionKind, "kind"


class KeyTaskStateFilter(_ChoiceFilter):
    title = _("state")
    parameter_name = "state"
    choices_of, path = KeyTaskState, "state"


class KeyTaskSourceFilter(_ChoiceFilter):
    title = _("source")
    parameter_name = "source"
    choices_of, path = KeyTaskSource, "source"


class KeyTaskSignalFilter(DropdownFilter):
    title = _("signal")
    parameter_name = "signal"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> _Lookups:  # noqa: ARG002
        return list(Signal.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        value = self.value()
        return with_signal(queryset, Signal(value), timezone.now()) if value in Signal.values else queryset


class PublicityStateFilter(_ChoiceFilter):
    title = _("state")
    parameter_name = "state"
    choices_of, path = PublicityState, "state"


class PracticeStateFilter(_ChoiceFilter):
    title = _("state")
    parameter_name = "state"
    choices_of, path = PracticeState, "state"


class PracticeTopicFilter(_ChoiceFilter):
    title = pgettext_lazy("practice", "topic")
    parameter_name = "topic"
    choices_of, path = PracticeTopic, "topic"


class PublicityKindFilter(_ChoiceFilter):
    title = _("what")
    parameter_name = "kind"
    choices_of, path = PublicityKind, "kind"


class _ConditionFilter(DropdownFilter, ABC):
    """One of a few conditions that have names."""

    names: _Lookups

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> _Lookups:  # noqa: ARG002
        return self.names

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        condition = self.conditions().get(self.value() or "")
        return queryset if condition is None else queryset.filter(condition)

    @abstractmethod
    def conditions(self) -> _Conditions:
        """What each name stands for, on the list's rows."""


class LateFilter(_ConditionFilter):
    title = _("punctuality")
    parameter_name = "late"
    names = [
        ("overdue", _("Overdue, not handed in")),
        ("signed_late", _("Handed in late")),
        ("in_time", _("Handed in on time")),
    ]

    def conditions(self) -> _Conditions:
        late = Q(first_signed_at__gt=F("first_due_at"))
        return {
            "overdue": Q(state__in=_OWED, due__lt=timezone.now()),
            "signed_late": late,
            "in_time": Q(first_signed_at__isnull=False) & ~late,
        }


class CheckedFilter(_ConditionFilter):
    title = pgettext_lazy("of a report", "checked")
    parameter_name = "checked"
    names = [("yes", _("Checked by somebody")), ("no", _("In review, not checked"))]

    def conditions(self) -> _Conditions:
        return {"yes": CHECKED, "no": Q(state=SubmissionState.IN_REVIEW) & ~CHECKED}


class TaskExtensionFilter(_ConditionFilter):
    title = _("request")
    parameter_name = "extension"
    names = [("waiting", _("More time is asked for"))]

    def conditions(self) -> _Conditions:
        return {"waiting": Exists(KeyTaskExtension.objects.filter(task=OuterRef("pk"), answered_at=None))}


class DistrictFilter(DropdownFilter):
    """The districts of the person's portfolio."""

    title = _("district")
    parameter_name = "district"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> _Lookups:  # noqa: ARG002
        districts = districts_for(request.user, DistrictPermission.REVIEW).order_by("code")
        return [(district.code, str(district)) for district in districts]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        return queryset.filter(district__code=self.value()) if self.value() else queryset


class PartyDistrictFilter(DistrictFilter):
    """Of what is for several districts."""

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        return queryset.filter(parties__district__code=self.value()) if self.value() else queryset


class EventKindFilter(DropdownFilter):
    title = _("what")
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> _Lookups:  # noqa: ARG002
        return list(EventKind.choices)

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        return queryset.filter(kind=self.value()) if self.value() in EventKind.values else queryset


class ClosedFilter(DropdownFilter):
    title = _("standing")
    parameter_name = "closed"

    def lookups(self, request: HttpRequest, model_admin: ModelAdmin) -> _Lookups:  # noqa: ARG002
        return [("no", _("Without a closing date")), ("yes", _("Closed, or to be closed"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet) -> QuerySet:  # noqa: ARG002
        return queryset.filter(ends_on__isnull=self.value() == "no") if self.value() in {"yes", "no"} else queryset


def narrowed_by(listed: ChangeList) -> list[tuple[str, str]]:
    """What narrows the list, in words: its filters, the days that it was narrowed to, and what is searched for."""
    found = [
        (str(spec.title), str(words))
        for spec in listed.filter_specs
        if isinstance(spec, SimpleListFilter) and (words := dict(spec.lookup_choices).get(spec.value() or ""))
    ]
    if field := listed.date_hierarchy:
        days = [listed.params.get(f"{field}__{part}") for part in ("year", "month", "day")]
        if given := [str(day) for day in days if day]:
            found.append((str(label_for_field(field, listed.model)), "-".join(given)))
    return [*found, (gettext("search"), listed.query)] if listed.query else found
