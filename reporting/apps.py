from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportingConfig(AppConfig):
    name = "reporting"
    verbose_name = _("Reporting")

    def ready(self) -> None:
        import_module("reporting.domain.notices").register_notices()
        import_module("reporting.domain.reminders").register_reminders()
        import_module("reporting.domain.chasing").register_chases()
        import_module("reporting.domain.moves").register_moves()
        import_module("reporting.domain.enquiries").register_enquiries()
        import_module("reporting.domain.morning").register_digests()
        import_module("reporting.domain.settling").register_petitions()
        import_module("reporting.domain.entering").register_entering()
        import_module("reporting.domain.key_tasks.mails").register_key_tasks()
        import_module("reporting.domain.key_tasks.reminders").register_task_reminders()
        import_module("reporting.domain.symposiums.mails").register_symposiums()
        import_module("reporting.domain.publicity_mails").register_publicity()
        import_module("reporting.domain.practice_mails").register_practices()
        import_module("reporting.domain.targets.mails").register_targets()
