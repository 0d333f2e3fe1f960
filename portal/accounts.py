"""allauth's pages that the portal uses; those for sign-up, confirmation and changing addresses are left out."""

from allauth.account import urls

_USED = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "account_signup",
        "account_reauthenticate",
        "account_change_password",
        "account_set_password",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key",
        "account_reset_password_from_key_done",
    }
)

urlpatterns = [pattern for pattern in urls.urlpatterns if pattern.name in _USED]
