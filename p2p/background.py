"""Work beside the pages: in threads that have the application at hand, and how far each is."""

import threading
from collections.abc import Callable

from flask import current_app

from p2p.db import db


class Background:
    """Work of one kind, each piece under the id of the record that tells of it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._threads: dict[int, threading.Thread] = {}
        self._progress: dict[int, tuple[int, int]] = {}

    def start(self, id: int, work: Callable[[], None]) -> None:
        """Let `work` go on beside the pages; it ends without a word, so it says itself what became of it."""
        app = current_app._get_current_object()  # type: ignore[attr-defined]

        def at_work() -> None:
            with app.app_context():
                try:
                    work()
                finally:
                    db.session.remove()
                    self._progress.pop(id, None)
                    self._threads.pop(id, None)

        self._threads[id] = thread = threading.Thread(target=at_work, name=f"{self.name} {id}", daemon=True)
        thread.start()

    def step(self, id: int, done: int, total: int) -> None:
        self._progress[id] = done, total

    def progress(self, id: int) -> tuple[int, int]:
        """(steps done, of how many); (0, 0) while nothing is known."""
        return self._progress.get(id, (0, 0))

    def at_work(self, id: int) -> bool:
        """Whether it goes on; what could not even say how it ended does not."""
        return id in self._threads

    def wait(self) -> None:
        """Until nothing is at work any more."""
        for thread in list(self._threads.values()):
            thread.join()
