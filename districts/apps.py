from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DistrictsConfig(AppConfig):
    name = "districts"
    verbose_name = _("Districts and people")

    def ready(self) -> None:
        import_module("districts.domain.accounts").register_account_mails()
        import_module("districts.domain.acting").register_acting_mails()
        import_module("districts.domain.deputies").register_deputy_mails()
        import_module("districts.domain.profiles").register_profiles()
