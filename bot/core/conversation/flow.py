"""The flow of a conversation: one message in, one outcome out. Danger first, then wishes, then concerns."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.core.conversation import placement
from bot.core.conversation.command import Command, Typed, parse, references
from bot.core.conversation.cue import Cue, Cues, fold
from bot.core.conversation.state import (
    Awaiting,
    CaseView,
    Conversation,
    Dialog,
    Judge,
    Outcome,
    Part,
    Pending,
    Said,
    Say,
    Timing,
    Wish,
)
from bot.core.message import Button, Content, Fate, InboundMessage, ReplyKind
from bot.core.triage import Decision

_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)
#: how a button's data begins: choose a department for a case · answer the question about erasing
CHOOSE, ERASE = "d", "x"
_SPOKEN = (Content.VOICE, Content.VIDEO, Content.OTHER)


@dataclass(frozen=True, slots=True)
class Rules:
    """What stays the same for every message of a town; `judge` may be slow."""

    judge: Judge
    cues: Cues
    timing: Timing
    prefix: str
    departments: tuple[tuple[str, str], ...]  # id, name
    front_office: str


def converse(message: InboundMessage, conversation: Conversation, rules: Rules) -> Outcome:
    """What becomes of this message. Pure, and fast but for `rules.judge`."""
    text = message.text.strip()
    if message.button is not None:
        return _pressed(message, conversation)
    if message.edited:
        return _edited(message, conversation, rules)
    typed = parse(text)
    if typed and (typed.command or not _is_concern_behind_slash(typed)):
        return _commanded(typed, conversation, rules, message.sent_at)
    if message.content is Content.STICKER or (text and not fold(text) and "?" not in text):
        return _chatted(text, conversation, rules, message.sent_at)
    if not text:
        return _wordless(message, conversation, rules)
    return _worded(text.removeprefix("/"), conversation, rules, message.sent_at)


def flush(conversation: Conversation, rules: Rules, now: datetime) -> Outcome | None:
    """What becomes of waiting fragments once it has been quiet; None while they may still wait."""
    if not conversation.pending or now < wakes_at(conversation.pending, rules.timing):
        return None
    text = _joined(conversation.pending)
    decision = rules.judge(text)
    ids = tuple(p.id for p in conversation.pending)
    if text and decision.chatter and not _has_files(conversation.pending):
        return replace(_chatted(text, conversation, rules, now), drops=ids)
    unsaid = not text
    part = Part(None, decision, takes=ids, receipt=True, ask=not decision.sure and not unsaid)
    return Outcome(Fate.NEW_CASE, (part,), dialog=conversation.dialog)


def wakes_at(pending: Iterable[Pending], timing: Timing) -> datetime:
    """When waiting fragments are judged at the latest: 45 quiet seconds, or 15 minutes for a lone picture."""
    pending = list(pending)
    worded = [p.at for p in pending if p.text]
    if worded:
        return max(p.at for p in pending) + timing.quiet
    return min(p.at for p in pending) + timing.unread


def _worded(text: str, conversation: Conversation, rules: Rules, at: datetime) -> Outcome:
    own = rules.judge(text)
    endangered = _danger(text, own, conversation, rules, at)
    if endangered:
        return endangered
    for answer in (_cried, _asked, _wished, _repeated, _small_talk):
        outcome = answer(text, own, conversation, rules, at)
        if outcome:
            return outcome
    return _concern(text, own, conversation, rules, at)


# --- danger -----------------------------------------------------------------------------------------------------


def _danger(text: str, own: Decision, conversation: Conversation, rules: Rules, at: datetime) -> Outcome | None:
    """Danger in this text, or in this text together with the fragments before it."""
    case = placement.at_hand(conversation, at, rules.timing) if not conversation.pending else None
    told = own
    if not told.danger and conversation.pending:
        told = rules.judge(_joined(conversation.pending, text))
    if not told.danger and case and at - case.touched_at <= _HOUR:
        together = rules.judge(f"{case.text}\n{text}")
        told = together if together.hit and together.danger not in case.dangers else told
    if not told.danger or (told.model_raised and not own.sure and case):
        return None

    ids = tuple(p.id for p in conversation.pending)
    if case and placement.is_same_danger_scene(told, text, case, rules.judge, rules.cues):
        part = Part(case.id, told, takes=ids, update=True, reopen=not case.is_open)
        return Outcome(Fate.FOLLOW_UP, (replace(part, safety=_due(told, case, at, rules)),))
    part = Part(None, told, takes=ids, receipt=True, safety=told.danger)
    return Outcome(Fate.NEW_CASE, (part,))


def _due(decision: Decision, case: CaseView, at: datetime, rules: Rules) -> str | None:
    """The danger whose text goes out now: not the same one twice within minutes."""
    kind = decision.danger
    last = case.dangers.get(kind) if kind else None
    return None if last and at - last < rules.timing.safety_again else kind


def _cried(text: str, own: Decision, conversation: Conversation, rules: Rules, at: datetime) -> Outcome | None:
    """A bare call for help: the numbers at once, and a person looks at it if nothing follows."""
    if not rules.cues.whole(Cue.CRY, text):
        return None
    case = placement.at_hand(conversation, at, rules.timing)
    says = (Say(ReplyKind.SAFETY, "cry"),)
    if case and case.is_open and not conversation.pending:
        return Outcome(Fate.FOLLOW_UP, (Part(case.id),), says)
    return Outcome(Fate.PENDING, says=says)


# --- what the bot itself is asked --------------------------------------------------------------------------------


def _asked(text: str, own: Decision, conversation: Conversation, rules: Rules, at: datetime) -> Outcome | None:
    """An answer to the house's open question."""
    dialog = conversation.dialog
    if dialog is None or at - dialog.asked_at > _DAY:
        return None
    if dialog.awaiting is Awaiting.DELETION:
        return _asked_deletion(text, own, conversation, rules, dialog)
    return _asked_department(text, conversation, rules, dialog)


def _asked_deletion(
    text: str, own: Decision, conversation: Conversation, rules: Rules, dialog: Dialog
) -> Outcome | None:
    if rules.cues.whole(Cue.YES, text):
        return Outcome(Fate.COMMAND, wish=Wish.ERASE)
    if rules.cues.whole(Cue.NO, text):
        return Outcome(Fate.COMMAND, says=(Say(ReplyKind.DELETION, "deletion.kept"),))
    wished = rules.cues.found(Cue.DELETION, text) or placement.looks_back(text, rules.cues)
    if wished or not own.sure or own.department == rules.front_office:
        return Outcome(Fate.COMMAND, dialog=dialog)
    return None


def _asked_department(text: str, conversation: Conversation, rules: Rules, dialog: Dialog) -> Outcome | None:
    case = conversation.case(dialog.case)
    if case is None or not case.is_open:
        return None
    if rules.cues.whole(Cue.UNSURE, text):
        says = (Say(ReplyKind.QUESTION, "question.never_mind", {"case": case}),)
        return Outcome(Fate.COMMAND, (Part(case.id),), says)
    for number, name in rules.departments:
        if fold(text) in (fold(name), number):
            return Outcome(Fate.COMMAND, (Part(case.id, department=number, update=True),))
    return None


def _wished(text: str, own: Decision, conversation: Conversation, rules: Rules, at: datetime) -> Outcome | None:
    """Erasure, status, a settled matter, a person: wishes in plain words."""
    cues = rules.cues
    if cues.found(Cue.DELETION, text) and len(fold(text).split()) <= 40:
        return _ask_deletion(conversation, at)
    named = references(text, rules.prefix)
    if named and len(fold(text).split()) <= 8:
        return _status(named[0], conversation)
    if cues.whole(Cue.STATUS, text) or (not fold(text) and "?" in text):
        if conversation.pending:
            return None
        if conversation.cases or fold(text) not in ("", "und"):
            return _status("", conversation)
    case = placement.at_hand(conversation, at, rules.timing)
    if case and cues.found(Cue.SETTLED, text) and len(fold(text).split()) <= 12:
        return Outcome(Fate.FOLLOW_UP, (Part(case.id, settle=True),), wish=Wish.SETTLE)
    if cues.found(Cue.HUMAN, text):
        return _human(text, own, case, conversation, rules, at)
    return None


def _human(
    text: str, own: Decision, case: CaseView | None, conversation: Conversation, rules: Rules, at: datetime
) -> Outcome | None:
    ids = tuple(p.id for p in conversation.pending)
    if conversation.pending or case is None:
        joined = rules.judge(_joined(conversation.pending, text))
        part = Part(None, joined, takes=ids, receipt=True, person=True)
        return Outcome(Fate.NEW_CASE, (part,))
    if placement.is_new_concern(text, own, case, at, rules.cues, rules.timing):
        return None
    says = (Say(ReplyKind.HANDOVER, "handover.wished", {"case": case}),)
    part = Part(case.id, person=True, reopen=not case.is_open)
    return Outcome(Fate.FOLLOW_UP, (part,), says if _may_reply(conversation, rules, at) else (), short_reply=True)


def _ask_deletion(conversation: Conversation, at: datetime) -> Outcome:
    dialog = Dialog(Awaiting.DELETION, at)
    open_cases = [c for c in conversation.cases if c.is_open]
    held = [c for c in open_cases if c.dangers]
    buttons = (Button("yes", f"{ERASE}:yes"), Button("no", f"{ERASE}:no"))
    says = (Say(ReplyKind.DELETION, "deletion.ask", {"cases": open_cases, "held": held}, buttons),)
    return Outcome(Fate.COMMAND, says=says, dialog=dialog)


def _status(reference: str, conversation: Conversation) -> Outcome:
    known = [c for c in conversation.cases if reference in ("", c.reference)]
    if not known:
        words = "status.unknown" if reference else "status.none"
        return Outcome(Fate.COMMAND, says=(Say(ReplyKind.STATUS, words, {"reference": reference}),))
    told = [c for c in known if c.is_open] or known[:1]
    says = (Say(ReplyKind.STATUS, "status.cases", {"cases": told[:3]}),)
    return Outcome(Fate.COMMAND, (Part(told[0].id),), says, dialog=conversation.dialog)


def _is_concern_behind_slash(typed: Typed) -> bool:
    return typed.nearest is None and len(typed.rest.split()) >= 2


def _commanded(typed: Typed, conversation: Conversation, rules: Rules, at: datetime) -> Outcome:
    match typed.command:
        case Command.STATUS:
            named = references(typed.rest, rules.prefix)
            return _status(named[0] if named else typed.rest.strip().upper(), conversation)
        case Command.DELETE | Command.STOP:
            return _ask_deletion(conversation, at)
        case Command.PRIVACY:
            return Outcome(Fate.COMMAND, says=(Say(ReplyKind.PRIVACY, "privacy"),), dialog=conversation.dialog)
        case Command.START | Command.HELP:
            words = "start" if typed.command is Command.START else "help"
            return Outcome(Fate.COMMAND, says=(Say(ReplyKind.GREETING, words),), dialog=conversation.dialog)
        case _:
            if conversation.help_at and at - conversation.help_at < _DAY:
                return Outcome(Fate.COMMAND, dialog=conversation.dialog)
            says = (Say(ReplyKind.GREETING, "unknown_command", {"nearest": typed.nearest}),)
            return Outcome(Fate.COMMAND, says=says, dialog=conversation.dialog, help_told=True)


def _pressed(message: InboundMessage, conversation: Conversation) -> Outcome:
    verb, _, rest = (message.button or "").partition(":")
    if verb == ERASE and conversation.dialog and conversation.dialog.awaiting is Awaiting.DELETION:
        if rest == "yes":
            return Outcome(Fate.COMMAND, wish=Wish.ERASE)
        return Outcome(Fate.COMMAND, says=(Say(ReplyKind.DELETION, "deletion.kept"),))
    number, _, department = rest.partition(":")
    case = conversation.case(int(number)) if verb == CHOOSE and number.isdigit() else None
    if case is None or not case.is_open:
        says = (Say(ReplyKind.ERROR, "error.button"),)
        return Outcome(Fate.COMMAND, says=says, dialog=conversation.dialog)
    if department == "?":
        says = (Say(ReplyKind.QUESTION, "question.never_mind", {"case": case}),)
        return Outcome(Fate.COMMAND, (Part(case.id),), says)
    return Outcome(Fate.COMMAND, (Part(case.id, department=department, update=True),))


# --- no concern --------------------------------------------------------------------------------------------------


def _repeated(text: str, own: Decision, conversation: Conversation, rules: Rules, at: datetime) -> Outcome | None:
    """The same text again: it has arrived already."""
    words = fold(text)
    same = next((s for s in conversation.said if fold(s.text) == words and at - s.at <= rules.timing.join), None)
    if same is None or same.fate in (Fate.NO_CONCERN, Fate.COMMAND) or rules.cues.starts(Cue.THANKS, text):
        return None
    if same.fate is Fate.PENDING:
        return Outcome(Fate.NO_CONCERN, dialog=conversation.dialog)
    case = conversation.case(same.case)
    if case is None or not case.is_open:
        return None
    if not _may_reply(conversation, rules, at):
        return Outcome(Fate.NO_CONCERN, dialog=conversation.dialog)
    says = (Say(ReplyKind.STATUS, "status.again", {"case": case}),)
    return Outcome(Fate.NO_CONCERN, says=says, dialog=conversation.dialog, short_reply=True)


def _small_talk(text: str, own: Decision, conversation: Conversation, rules: Rules, at: datetime) -> Outcome | None:
    """Greetings and thanks, alone or with each other; what the model takes for chatter when no case is at hand."""
    only = rules.cues.only((Cue.GREETING, Cue.THANKS, Cue.FILLER), text)
    spoken = rules.cues.found(Cue.GREETING, text) or rules.cues.found(Cue.THANKS, text)
    if only and spoken:
        return _chatted(text, conversation, rules, at)
    alone = not conversation.pending and placement.at_hand(conversation, at, rules.timing) is None
    if own.chatter and (alone or len(fold(text).split()) <= 8):
        return _chatted(text, conversation, rules, at)
    return None


def _chatted(text: str, conversation: Conversation, rules: Rules, at: datetime) -> Outcome:
    if not _may_reply(conversation, rules, at):
        return Outcome(Fate.NO_CONCERN, dialog=conversation.dialog)
    thanked = bool(conversation.cases) and (not fold(text) or not rules.cues.found(Cue.GREETING, text))
    says = (Say(ReplyKind.GREETING, "thanks" if thanked else "greeting"),)
    return Outcome(Fate.NO_CONCERN, says=says, dialog=conversation.dialog, short_reply=True)


def _may_reply(conversation: Conversation, rules: Rules, at: datetime) -> bool:
    last = conversation.short_reply_at
    return last is None or at - last >= rules.timing.short_reply


# --- concerns ----------------------------------------------------------------------------------------------------


def _concern(text: str, own: Decision, conversation: Conversation, rules: Rules, at: datetime) -> Outcome:
    """A follow-up to the case at hand, or a concern of its own."""
    case = None if conversation.pending else placement.at_hand(conversation, at, rules.timing)
    named = references(text, rules.prefix)
    case = next((c for c in conversation.cases if c.reference in named and c.is_open), case)
    halves = placement.concerns(text, rules.judge, rules.cues)
    if len(halves) > 1:
        return _two_concerns(halves, case, conversation, rules, at)
    if case and not placement.is_new_concern(text, own, case, at, rules.cues, rules.timing):
        joined = rules.judge(f"{case.text}\n{text}") if case.text else own
        part = Part(case.id, joined, update=True, reopen=not case.is_open)
        return Outcome(Fate.FOLLOW_UP, (part,), dialog=_still_open(conversation.dialog, case, joined))
    return _fresh(text, own, conversation, rules)


def _fresh(text: str, own: Decision, conversation: Conversation, rules: Rules) -> Outcome:
    """A new case as soon as the concern is clear; until then the fragment waits."""
    joined = rules.judge(_joined(conversation.pending, text))
    clear = next((d for d in (joined, own) if d.sure and not d.chatter), None)
    if clear is None:
        return Outcome(Fate.PENDING, dialog=conversation.dialog)
    ids = tuple(p.id for p in conversation.pending)
    return Outcome(Fate.NEW_CASE, (Part(None, clear, takes=ids, receipt=True),))


def _two_concerns(
    halves: tuple[str, ...], case: CaseView | None, conversation: Conversation, rules: Rules, at: datetime
) -> Outcome:
    """Both halves in order: the first may belong to the case at hand, the second opens its own."""
    first, second = halves
    own = rules.judge(first)
    ids = tuple(p.id for p in conversation.pending)
    joins = case is not None and not placement.is_new_concern(first, own, case, at, rules.cues, rules.timing)
    head = Part(case.id, own, update=True) if case and joins else Part(None, own, takes=ids, receipt=True)
    tail = Part(None, rules.judge(second), receipt=True)
    return Outcome(Fate.NEW_CASE, (head, tail))


def _wordless(message: InboundMessage, conversation: Conversation, rules: Rules) -> Outcome:
    """A picture, a voice, a place without a word: joins what is being talked about, or waits for its words."""
    at, case = message.sent_at, None
    if not conversation.pending:
        case = placement.at_hand(conversation, at, rules.timing)
    told = conversation.unread_at is not None and at - conversation.unread_at < rules.timing.unread
    if case and case.is_open and at - case.touched_at <= _HOUR:
        speak = message.content in _SPOKEN and not told
        says = (Say(ReplyKind.QUESTION, "unread.joined", {"case": case}),) if speak else ()
        return Outcome(Fate.FOLLOW_UP, (Part(case.id),), says, dialog=conversation.dialog, unread_told=speak)
    if told or any(p.text for p in conversation.pending):
        return Outcome(Fate.PENDING, dialog=conversation.dialog)
    words = "unread.location" if message.content is Content.LOCATION else "unread.lone"
    says = (Say(ReplyKind.QUESTION, words, {"content": message.content.value}),)
    return Outcome(Fate.PENDING, says=says, dialog=conversation.dialog, unread_told=True)


def _edited(message: InboundMessage, conversation: Conversation, rules: Rules) -> Outcome:
    """An edit belongs where its original belongs, and takes its place in the text."""
    original = next((s for s in conversation.said if s.external_id == message.external_id), None)
    if original is None or original.fate in (Fate.NO_CONCERN, Fate.COMMAND):
        outcome = converse(replace(message, edited=False), conversation, rules)
        return replace(outcome, replaces=original.message if original else None)
    if original.fate is Fate.PENDING:
        rest = replace(conversation, pending=tuple(p for p in conversation.pending if p.id != original.message))
        outcome = _worded(message.text, rest, rules, message.sent_at)
        parts = tuple(replace(p, takes=(*p.takes, original.message)) for p in outcome.parts[:1])
        return replace(outcome, parts=parts, replaces=original.message)
    return _edited_in_case(message, original, conversation, rules)


def _edited_in_case(message: InboundMessage, original: Said, conversation: Conversation, rules: Rules) -> Outcome:
    case = conversation.case(original.case)
    if case is None or fold(original.text) == fold(message.text):
        parts = (Part(case.id),) if case else ()
        return Outcome(Fate.FOLLOW_UP if case else Fate.NO_CONCERN, parts, dialog=conversation.dialog)
    joined = rules.judge(case.text.replace(original.text, message.text) if original.text else message.text)
    danger = joined.danger if joined.danger not in case.dangers else None
    part = Part(case.id, joined, update=case.is_open, safety=danger)
    return Outcome(Fate.FOLLOW_UP, (part,), replaces=original.message, dialog=conversation.dialog)


def _still_open(dialog: Dialog | None, case: CaseView, joined: Decision) -> Dialog | None:
    """The question who is meant is answered once the joined text is clear."""
    if dialog and dialog.awaiting is Awaiting.DEPARTMENT and dialog.case == case.id and joined.sure:
        return None
    return dialog


def _joined(pending: Iterable[Pending], text: str = "") -> str:
    return "\n".join(t for t in (*(p.text for p in pending), text) if t)


def _has_files(pending: Iterable[Pending]) -> bool:
    return any(p.content not in (Content.TEXT, Content.STICKER) for p in pending)
