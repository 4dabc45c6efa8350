"""The timetable: rings every few seconds and holds no truth; what is due is decided by rows and the house's time."""

from collections.abc import Awaitable, Callable, Mapping

from apscheduler.schedulers.asyncio import AsyncIOScheduler

Job = Callable[[], Awaitable[object]]


class Timetable:
    """Wakes jobs at fixed intervals of real time."""

    def __init__(self, jobs: Mapping[str, tuple[float, Job]]) -> None:
        """`jobs`: name → (seconds between two rings, what to wake)."""
        # No grace time and no catching up: a late ring is as good as a punctual one, and two are no better than one.
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
        )
        for name, (seconds, job) in jobs.items():
            self._scheduler.add_job(job, "interval", seconds=seconds, id=name)

    def start(self) -> None:
        """Begins to ring; needs the running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Rings no more."""
        self._scheduler.shutdown(wait=False)
