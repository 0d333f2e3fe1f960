"""People who sign in, by e-mail."""

from typing import Any

import pghistory
from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """A person; without a password, one who cannot sign in before setting it by an invitation."""
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        """For the operator's repairs; no page or document needs one."""
        return self.create_user(email, password, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


@pghistory.track(exclude=["password", "last_login", "calendar_is_open", "calendar_serial"])
class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(_("e-mail address"), unique=True)
    full_name = models.CharField(_("name"), max_length=150)
    job_title = models.CharField(_("job title"), max_length=150, blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="en")
    daily_digest = models.BooleanField(
        _("one daily digest"),
        default=False,
        help_text=_(
            "Reminders that can wait come once a day, in one mail. Returns and the last two reminders always come at once."
        ),
    )
    morning_digest = models.BooleanField(
        _("morning digest"),
        default=True,
        help_text=_("One mail each working morning: what is submitted, in review, overdue or unanswered, and mails that failed."),
    )
    calendar_is_open = models.BooleanField(default=False)
    calendar_serial = models.PositiveIntegerField(default=0)  # stands signed in the address: a new one ends the old
    is_active = models.BooleanField(
        _("active"),
        default=True,
        help_text=_("Untick to end this person's access at once. Nothing is deleted."),
    )
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        ordering = ["full_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="user_email_unique",
                violation_error_message=_("A person with this e-mail address exists already."),
            )
        ]

    def __str__(self) -> str:
        return self.full_name or self.email

    @property
    def is_staff(self) -> bool:
        """Whether the person works in the admin: who holds a bureau role, and the operator."""
        return self.is_superuser or hasattr(self, "bureau_role")

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name
