"""Wordless messages: a picture, a voice, a place joins what is being talked about, or waits for its words."""

from datetime import datetime, timedelta

from bot.core.conversation import placement
from bot.core.conversation.state import Conversation, Outcome, Part, Say
from bot.core.conversation.turn import Rules
from bot.core.message import Content, Fate, ReplyKind

#: so long a picture plainly belongs to the case; later it waits whether words come with it
_SAME_TALK = timedelta(hours=1)
_SPOKEN = (Content.VOICE, Content.VIDEO, Content.OTHER)


def wordless(content: Content, conversation: Conversation, rules: Rules, at: datetime) -> Outcome:
    """What nobody reads at night: the danger line at once, but not for every picture of an album."""
    told = conversation.unread_at is not None and at - conversation.unread_at < rules.timing.unread
    case = None if conversation.pending else placement.at_hand(conversation, at, rules.timing)
    if case and case.is_open and at - case.touched_at <= _SAME_TALK:
        speak = content in _SPOKEN and not told
        says = (Say(ReplyKind.QUESTION, "unread.joined", {"case": case}),) if speak else ()
        return Outcome(Fate.FOLLOW_UP, (Part(case.id),), says, unread_told=speak)
    if told or (content not in _SPOKEN and any(p.text for p in conversation.pending)):
        return Outcome(Fate.PENDING)
    words = "unread.location" if content is Content.LOCATION else "unread.lone"
    says = (Say(ReplyKind.QUESTION, words, {"content": content.value}),)
    return Outcome(Fate.PENDING, says=says, unread_told=True)
