"""What the domain refuses, in words for the person who asked."""

from collections.abc import Sequence

from django.utils.functional import Promise

Text = str | Promise


class DomainError(Exception):
    """A refusal. `messages` are shown to the person as they are; `status` is the HTTP status of a page that shows them."""

    status = 400

    def __init__(self, *messages: Text) -> None:
        self.messages: Sequence[Text] = messages
        super().__init__(*(str(message) for message in messages))


class NotAllowed(DomainError):
    """The person may see the thing and not do this to it."""

    status = 403


class Conflict(DomainError):
    """The thing has moved since the person looked at it."""

    status = 409


class Gone(DomainError):
    """The thing was there and is lost."""

    status = 410


class Refused(DomainError):
    """The request is understood and its conditions are not met."""

    status = 422
