"""Opens http and https, and nothing else, with one patience to connect and another to wait."""

import http.client
import ssl
from dataclasses import dataclass
from typing import Any
from urllib import request


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for a server.

    Attributes:
        connect_s: For each of its addresses to accept.
        stall_s: For the next byte.
        min_rate: Bytes per second, averaged over `stall_s`; a server that trickles is left.
    """

    connect_s: float = 5.0
    stall_s: float = 20.0
    min_rate: int = 1024


def open_url(url: str, headers: dict[str, str], patience: Patience) -> Any:
    """Ask for a URL and return the answer, to be used in a `with` block; redirects are followed.

    Raises:
        OSError: If there is no answer. An HTTPError below it has the server's code.
    """
    opener = request.OpenerDirector()  # bare: build_opener would add file: and ftp:
    for handler in (
        request.ProxyHandler(),
        request.UnknownHandler(),
        _Http(patience.stall_s),
        _Https(patience.stall_s),
        request.HTTPRedirectHandler(),
        request.HTTPDefaultErrorHandler(),
        request.HTTPErrorProcessor(),
    ):
        opener.add_handler(handler)
    asked = request.Request(url, headers=headers)  # noqa: S310  the opener refuses other schemes
    return opener.open(asked, timeout=patience.connect_s)


class _PatientHttp(http.client.HTTPConnection):
    def __init__(self, host: str, *, stall_s: float, **options: Any) -> None:
        super().__init__(host, **options)
        self._stall_s = stall_s

    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(self._stall_s)


class _PatientHttps(http.client.HTTPSConnection):
    def __init__(self, host: str, *, stall_s: float, **options: Any) -> None:
        super().__init__(host, **options)
        self._stall_s = stall_s

    def connect(self) -> None:
        super().connect()
        self.sock.settimeout(self._stall_s)


class _Http(request.HTTPHandler):
    def __init__(self, stall_s: float) -> None:
        super().__init__()
        self._stall_s = stall_s

    def http_open(self, req: request.Request) -> http.client.HTTPResponse:
        return self.do_open(_PatientHttp, req, stall_s=self._stall_s)  # type: ignore[arg-type]  # it takes the host and options, as is documented


class _Https(request.HTTPSHandler):
    def __init__(self, stall_s: float) -> None:
        super().__init__()
        self._stall_s = stall_s

    def https_open(self, req: request.Request) -> http.client.HTTPResponse:
        context = ssl.create_default_context()
        return self.do_open(_PatientHttps, req, stall_s=self._stall_s, context=context)  # type: ignore[arg-type]  # as above
