"""A worker is alive if messages go through it; that its process exists says little."""

from dataclasses import dataclass

from alignment.engines.processes import Child, Program
from alignment.engines.supervisor import Kept, say

EVERY_SECONDS = 60.0
SILENT = 3  # exit code of `manage.py workers_alive`
PATIENCE = 2


@dataclass
class Pulse:
    """Asks every minute whether work gets done, and starts silent workers again.

    Two answers in a row must say so. That nobody can answer (the database is away)
    says nothing about the workers.
    """

    question: Program
    workers: list[Kept]
    due: float
    asked: Child | None = None
    silences: int = 0

    def look(self, now: float) -> None:
        """Ask, or take the answer. Never waits."""
        if self.asked is not None:
            self._listen(self.asked.ended())
        elif now >= self.due:
            self.due = now + EVERY_SECONDS
            self.asked = Child(self.question)

    def _listen(self, answer: int | None) -> None:
        if answer is None:
            return
        self.asked = None
        self.silences = self.silences + 1 if answer == SILENT else 0
        if self.silences == PATIENCE:
            self.silences = 0
            say("No worker has done anything for minutes; starting them again.")
            for kept in self.workers:
                kept.child.kill()

    def stop(self) -> None:
        if self.asked is not None:
            self.asked.kill()
