"""The private address of a person's calendar: signed, so that none is kept anywhere, and ended by a new serial number."""

from django.core import signing

from districts.models import User

_SIGNER = signing.Signer(sep=".", salt="districts.calendar")


def calendar_key(user: User) -> str:
    """What stands in the address; empty while there is none."""
    return _SIGNER.sign(f"{user.pk}-{user.calendar_serial}") if user.calendar_is_open else ""


def reader_of_calendar(key: str) -> User | None:
    """Whose calendar may be read with the key; none for a key that was ended, of somebody without access, or made up."""
    try:
        pk, _dash, serial = _SIGNER.unsign(key).partition("-")
    except signing.BadSignature:
        return None
    return User.objects.filter(pk=int(pk), calendar_serial=int(serial), calendar_is_open=True, is_active=True).first()
