"""Where the demonstration listens."""

import errno
import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self


class AddressError(Exception):
    """Says to a person why the address cannot be had."""


@dataclass(frozen=True)
class Address:
    """HOST (this machine only, unless it is given) and PORT."""

    host: str
    port: int

    @classmethod
    def from_environment(cls, values: Mapping[str, str]) -> Self:
        port = values.get("PORT") or "8000"
        if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
            raise AddressError(f"PORT: expected a number from 1 to 65535, got {port!r}.")
        return cls(values.get("HOST") or "127.0.0.1", int(port))

    @property
    def url(self) -> str:
        """What a person types on this machine."""
        return f"http://{'localhost' if self.host in {'127.0.0.1', '0.0.0.0'} else self.host}:{self.port}"  # noqa: S104 (compared)

    @property
    def local_host(self) -> str:
        """Where this machine reaches it."""
        return "127.0.0.1" if self.host == "0.0.0.0" else self.host  # noqa: S104 (compared)

    def check_free(self) -> None:
        """Raise AddressError unless a server could listen here."""
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.port))
            except OSError as error:
                raise AddressError(self._refusal(error)) from error

    def _refusal(self, error: OSError) -> str:
        if error.errno == errno.EADDRINUSE:
            return f"Port {self.port} is in use by another program. Choose another one: make demo PORT={self.port + 1}"
        return f"Port {self.port} on {self.host} cannot be used: {os.strerror(error.errno or 0)}. Choose another PORT or HOST."
