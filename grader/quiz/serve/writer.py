"""The one thread that uses the store: takes all that waits, commits once, then answers all.

A reply is sent only after the commit, so what was acknowledged is on the disk; committing in groups
is what lets hundreds of students save at once.
"""

import asyncio
import contextlib
import queue
import sqlite3
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from grader.quiz.serve.store import Store

Answer = TypeVar("Answer")
MOST_WAITING = 4000  # beyond that it is honest to say: try again
MOST_AT_ONCE = 200  # jobs in one commit


class BusyError(Exception):
    """Nothing was stored: too much waits, or the disk refused."""


@dataclass(frozen=True, slots=True)
class _Task:
    job: Callable[[Store], Any]
    loop: asyncio.AbstractEventLoop
    future: "asyncio.Future[Any]"


@dataclass(slots=True)
class _Outcome:
    task: _Task
    answer: Any = None
    error: Exception | None = None


class Writer:
    """Runs jobs on the store, one after the other, in groups of one transaction."""

    def __init__(self, store: Store) -> None:
        """Take over a store; `start` begins, `stop` ends and closes it."""
        self.problem = ""  # why the last group was not stored, for the lecturer
        self._store = store
        self._queue: queue.SimpleQueue[_Task | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="quiz-writer", daemon=True)

    def start(self) -> None:
        """Begin to work."""
        self._thread.start()

    def stop(self) -> None:
        """Finish what waits, then close the store."""
        self._queue.put(None)
        self._thread.join()

    async def do(self, job: Callable[[Store], Answer]) -> Answer:
        """Run a job; return its answer when what it wrote is on the disk.

        A job that raises has written nothing; others beside it are not touched.

        Raises:
            BusyError: If nothing was stored.
        """
        if self._queue.qsize() >= MOST_WAITING:
            raise BusyError
        loop = asyncio.get_running_loop()
        task = _Task(job, loop, loop.create_future())
        self._queue.put(task)
        answer: Answer = await task.future
        return answer

    def _run(self) -> None:
        is_open = True
        while is_open:
            tasks, is_open = self._take()
            _answer(self._work(tasks))
        self._store.close()

    def _take(self) -> tuple[list[_Task], bool]:
        """Wait for a task, and take all that wait beside it."""
        found = [self._queue.get()]
        while len(found) < MOST_AT_ONCE:
            try:
                found.append(self._queue.get_nowait())
            except queue.Empty:
                break
        return [task for task in found if task is not None], None not in found

    def _work(self, tasks: list[_Task]) -> list[_Outcome]:
        outcomes: list[_Outcome] = []
        before = self._store.changes
        try:
            with self._store.transaction():
                outcomes += [self._attempt(task) for task in tasks]
        except sqlite3.Error as error:  # a full disk, for one: nothing of the group was stored
            self.problem = f"The state cannot be written: {error}."
            return [_Outcome(task, error=BusyError()) for task in tasks]
        if self._store.changes != before:
            self.problem = ""
        return outcomes

    def _attempt(self, task: _Task) -> _Outcome:
        try:
            with self._store.part():
                return _Outcome(task, answer=task.job(self._store))
        except sqlite3.OperationalError:  # the file, not the job
            raise
        except Exception as error:  # noqa: BLE001  whoever waits for it raises it
            return _Outcome(task, error=error)


def _answer(outcomes: list[_Outcome]) -> None:
    """Wake all that wait, once per event loop."""
    for loop in {outcome.task.loop for outcome in outcomes}:
        own = [outcome for outcome in outcomes if outcome.task.loop is loop]
        with contextlib.suppress(RuntimeError):  # the server ended meanwhile
            loop.call_soon_threadsafe(_resolve, own)


def _resolve(outcomes: list[_Outcome]) -> None:
    for outcome in outcomes:
        if outcome.task.future.done():  # whoever waited is gone
            continue
        if outcome.error is not None:
            outcome.task.future.set_exception(outcome.error)
        else:
            outcome.task.future.set_result(outcome.answer)
