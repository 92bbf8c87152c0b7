"""Stands before every request: size, patience, headers, and that no error says anything."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from grader.quiz.serve.notices import RefusedError

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]

MOST_BODY = 64 << 10
BODY_S = 10.0  # a form of some kilobytes arrives in that, or never
REQUEST_S = 30.0
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = (
    (b"content-security-policy", POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
LOG = logging.getLogger("dlab.quiz.serve")


class Guard:
    """Wraps the application."""

    def __init__(self, app: App) -> None:
        """Keep what is wrapped."""
        self._app = app

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request; nothing that a client sends ends up in a log."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_begun = False

        async def send_with_headers(message: Message) -> None:
            nonlocal is_begun
            if message["type"] == "http.response.start":
                is_begun = True
                message["headers"] = _with_headers(message["headers"])
            await send(message)

        try:
            async with asyncio.timeout(REQUEST_S):
                await self._app(scope, receive, send_with_headers)
        except TimeoutError:
            if not is_begun:
                await _say(send_with_headers, 503, "Too slow: try again.")
        except Exception as error:
            LOG.error("A request failed: %s", type(error).__name__)
            if is_begun:
                raise
            await _say(send_with_headers, 500, "The server failed. What was saved is safe: reload.")


def _with_headers(headers: Any) -> list[tuple[bytes, bytes]]:
    own = list(headers)
    if not any(name == b"cache-control" for name, _ in own):
        own.append((b"cache-control", b"no-store"))
    return own + [entry for entry in HEADERS if entry[0] not in {name for name, _ in own}]


async def _say(send: Send, status: int, text: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})


async def read_body(receive: Receive, length: str) -> bytes:
    """Read a request's body.

    Args:
        receive: Gives its pieces.
        length: What the header Content-Length says; not believed.

    Raises:
        RefusedError: If it is larger than 64 KiB or comes too slowly.
    """
    if length and (not length.isascii() or not length.isdigit() or int(length[:12]) > MOST_BODY):
        raise _too_large()
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_S):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise RefusedError(400, "The request broke off")
                body += message.get("body", b"")
                if len(body) > MOST_BODY:
                    raise _too_large()
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError as error:
        raise RefusedError(408, "The request came too slowly", "Try again.") from error


def _too_large() -> RefusedError:
    return RefusedError(413, "This is too large", "A test's answers are never that long.")
