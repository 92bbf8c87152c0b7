"""Server settings and the one thing the server lacks: patience that ends.

Imported only where uvicorn is needed: see run.py.
"""

import asyncio
from typing import Any

from grader.quiz.extra import need

HEAD_S = 10.0  # a request's first lines arrive in that, or never
KEEP_ALIVE_S = 20
MOST_CONNECTIONS = 2000


def patient_protocol(head_s: float) -> Any:
    """Return uvicorn's protocol, but closing connections whose request never begins.

    Args:
        head_s: Seconds that a request's first lines may take.
    """
    h11_impl = need("uvicorn.protocols.http.h11_impl")

    class PatientProtocol(h11_impl.H11Protocol):  # type: ignore[name-defined,misc]  # of need()
        """Waits so long and no longer."""

        head_timer: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self.head_timer = self.loop.call_later(head_s, self.transport.close)

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            if self.cycle is not None and not self.cycle.response_complete:
                self.stop_head_timer()
            elif self.head_timer is None:
                self.head_timer = self.loop.call_later(head_s, self.transport.close)

        def connection_lost(self, exc: Exception | None) -> None:
            self.stop_head_timer()
            super().connection_lost(exc)

        def stop_head_timer(self) -> None:
            if self.head_timer is not None:
                self.head_timer.cancel()
                self.head_timer = None

    return PatientProtocol
