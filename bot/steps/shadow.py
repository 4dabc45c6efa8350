"""Shadow: a second model judges what the house has judged; no citizen waits for it, and none hears of it."""

import asyncio
from dataclasses import replace
from datetime import datetime

import structlog

from bot.core.rerouting import Placing, placing
from bot.core.shadow import Compared, ShadowReport, shadow_report
from bot.core.triage import Decision, TriagePolicy
from bot.steps.house import House
from bot.steps.model import ShadowInUse
from bot.store import conversations, inbox, shadows
from bot.store.database import Database
from classifier.registry import ShadowRun

log = structlog.get_logger(__name__)


async def shadow_next(house: House, now: datetime) -> bool:
    """Deals with the oldest triage of the run it has not seen; False when there is none, or a citizen waits.

    It reads what the triage step has left and is killed or broken without harm: whatever a model does here is
    counted, and the next text has its turn.
    """
    shadow = house.shadow
    if shadow is None or shadow.run is None:
        return False
    run = shadow.run
    async with house.database.read() as tx:
        if shadow.seen is None:
            shadow.seen = await shadows.last_seen(tx, run.since)
        if await inbox.next_waiting(tx, now):
            return False
        found = await shadows.next_after(tx, shadow.seen)
        text = await conversations.text_of(tx, found.case) if found else ""
    if found is None:
        return False
    shadow.seen = found.triage
    if text.strip():  # erased meanwhile, or never any words
        await _compare(house, shadow, run, found, text)
    return True


async def _compare(house: House, shadow: ShadowInUse, run: ShadowRun, found: shadows.TriagedCase, text: str) -> None:
    serving, other = await asyncio.to_thread(_judge_twice, house, shadow, text)

    answered = other if other and other.model_id == run.model_id else None
    async with house.database.begin() as tx:
        await shadows.append(
            tx,
            found,
            begun_at=run.since,
            model_id=run.model_id,
            placing=placing(answered) if answered else None,
            serving_id=serving.model_id,
            serving=placing(serving),
        )


def _judge_twice(house: House, shadow: ShadowInUse, text: str) -> tuple[Decision, Decision | None]:
    """Both of the same words under the same rules; None for a shadow that breaks."""
    serving = house.judge(text)
    try:
        return serving, house.judged_by(shadow).judge(text)
    except Exception as error:  # it must not matter to anybody
        log.warning("shadow_failed", error=type(error).__name__)
        return serving, None


async def report_of(database: Database, run: ShadowRun, serving_id: str, policy: TriagePolicy) -> ShadowReport:
    """What came of the run so far, under the departments of today."""
    async with database.read() as tx:
        found = await shadows.of_run(tx, run.since)
    return shadow_report([_today(one, policy) for one in found], serving_id)


def _today(one: Compared, policy: TriagePolicy) -> Compared:
    def acting(placed: Placing | None) -> Placing | None:
        return replace(placed, department=policy.acting(placed.department)) if placed else None

    serving = replace(one.serving, department=policy.acting(one.serving.department))
    return replace(one, serving=serving, shadow=acting(one.shadow), verdict=acting(one.verdict))
