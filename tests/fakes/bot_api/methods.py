"""The Bot API's methods, as Telegram's server answers them."""

import json
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

from tests.fakes.bot_api import shapes
from tests.fakes.bot_api.api import BotApi, Sent, WebhookState
from tests.fakes.bot_api.faults import ApiError
from tests.fakes.bot_api.wire import Json

MAX_TEXT = 4096
MAX_CALLBACK_DATA = 64
MAX_DOWNLOAD = 20 * 1024 * 1024
CALLBACK_LIVES = timedelta(minutes=15)

Params = dict[str, str]


def get_me(_api: BotApi, _params: Params) -> Json:
    """Who the bot is."""
    return shapes.BOT


def send_message(api: BotApi, params: Params) -> Json:
    """A text of at most 4,096 UTF-16 units to somebody who has written before and has not blocked the bot."""
    chat = _reachable(api, params)
    text = params.get("text", "").strip()
    if not text:
        raise ApiError(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > MAX_TEXT:
        raise ApiError(400, "Bad Request: message is too long")
    markup = _markup(params)
    preview = not _json(params, "link_preview_options", {}).get("is_disabled", False)
    silent = params.get("disable_notification", "").lower() == "true"
    return api.record(chat, text, markup, silent=silent, preview=preview).body


def answer_callback_query(api: BotApi, params: Params) -> bool:
    """Stops the button's spinning; too late is an error."""
    query = params.get("callback_query_id", "")
    asked = api.callbacks.pop(query, None)
    if asked is None or api.now() - asked > CALLBACK_LIVES:
        raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
    api.answered.append(query)
    return True


def edit_message_reply_markup(api: BotApi, params: Params) -> Json:
    """Changes or removes the buttons of a message."""
    sent = _sent(api, params, "message to edit not found")
    markup = _markup(params)
    if sent.buttons == shapes.keyboard_labels(markup):
        raise ApiError(400, "Bad Request: message is not modified")
    sent.buttons = shapes.keyboard_labels(markup)
    sent.body = {key: one for key, one in sent.body.items() if key != "reply_markup"}
    sent.body |= {"reply_markup": markup} if markup else {}
    return sent.body


def delete_message(api: BotApi, params: Params) -> bool:
    """Deletes what the bot sent, or what a citizen said."""
    chat, message = int(params.get("chat_id", "0")), int(params.get("message_id", "0"))
    if api.said.pop((chat, message), None) is None:
        _sent(api, params, "message to delete not found").deleted = True
    return True


def send_chat_action(api: BotApi, params: Params) -> bool:
    """'is typing …'."""
    _reachable(api, params)
    return True


def get_file(api: BotApi, params: Params) -> Json:
    """Where a file can be downloaded; not beyond 20 MB."""
    file_id = params.get("file_id", "")
    if file_id not in api.files:
        raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
    path, _, size = api.files[file_id]
    if size > MAX_DOWNLOAD:
        raise ApiError(400, "Bad Request: file is too big")
    return shapes.file(file_id, size, file_path=path)


def introduce(name: str) -> Callable[[BotApi, Params], bool]:
    """setMyCommands and its sisters: keeps what was set, per language."""

    def method(api: BotApi, params: Params) -> bool:
        text = params.get(name, "")
        if name != "commands" and len(text) > {"description": 512, "short_description": 120}[name]:
            raise ApiError(400, f"Bad Request: {name} is too long")
        for command in _json(params, name, []) if name == "commands" else ():
            if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
                raise ApiError(400, "Bad Request: BOT_COMMAND_INVALID")
        lang = params.get("language_code", "")
        api.introduction[f"{name}.{lang}" if lang else name] = text
        return True

    return method


def set_webhook(api: BotApi, params: Params) -> bool:
    """From now on updates are posted; an empty url turns it off."""
    secret = params.get("secret_token", "")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise ApiError(400, "Bad Request: secret token contains unallowed characters")
    allow(api, params)
    if params.get("drop_pending_updates", "").lower() == "true":
        api.updates.drop()
    api.webhook = WebhookState(params.get("url", ""), secret, int(params.get("max_connections", "40")))
    api.ring()
    return True


def delete_webhook(api: BotApi, params: Params) -> bool:
    """Back to polling."""
    return set_webhook(api, {"drop_pending_updates": params.get("drop_pending_updates", "")})


def get_webhook_info(api: BotApi, _params: Params) -> Json:
    """Where updates go, how many wait and what went wrong last."""
    found: Json = {
        "url": api.webhook.url,
        "has_custom_certificate": False,
        "pending_update_count": len(api.updates.waiting()),
        "max_connections": api.webhook.max_connections,
    }
    if api.webhook.last_error:
        found["last_error_message"] = api.webhook.last_error
        found["last_error_date"] = int(api.now().timestamp())
    return found


def allow(api: BotApi, params: Params) -> None:
    """Without the parameter the previous choice stays."""
    if "allowed_updates" in params:
        api.updates.allowed = _json(params, "allowed_updates", [])


def _reachable(api: BotApi, params: Params) -> int:
    try:
        chat = int(params.get("chat_id", ""))
    except ValueError:
        raise ApiError(400, "Bad Request: chat not found") from None
    if chat not in api.chats:
        raise ApiError(400, "Bad Request: chat not found")
    if chat in api.blocked:
        raise ApiError(403, "Forbidden: bot was blocked by the user")
    return chat


def _markup(params: Params) -> Json:
    markup: Json = _json(params, "reply_markup", {})
    for row in markup.get("inline_keyboard", []):
        for button in row:
            if not button.get("text"):
                raise ApiError(400, "Bad Request: inline keyboard button text is empty")
            if not 1 <= len(button.get("callback_data", "").encode()) <= MAX_CALLBACK_DATA:
                raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup


def _sent(api: BotApi, params: Params, otherwise: str) -> Sent:
    chat, message = params.get("chat_id"), params.get("message_id")
    for one in api.sent:
        if (str(one.chat), str(one.message_id)) == (chat, message) and not one.deleted:
            return one
    raise ApiError(400, f"Bad Request: {otherwise}")


def _json(params: Params, name: str, default: Any) -> Any:
    try:
        return json.loads(params[name]) if params.get(name) else default
    except ValueError:
        raise ApiError(400, f"Bad Request: can't parse {name} JSON object") from None


Method = Callable[[BotApi, Params], Any | Awaitable[Any]]

#: names as Telegram compares them: in lower case
METHODS: dict[str, Method] = {
    "getme": get_me,
    "sendmessage": send_message,
    "answercallbackquery": answer_callback_query,
    "editmessagereplymarkup": edit_message_reply_markup,
    "deletemessage": delete_message,
    "sendchataction": send_chat_action,
    "getfile": get_file,
    "setmycommands": introduce("commands"),
    "setmydescription": introduce("description"),
    "setmyshortdescription": introduce("short_description"),
    "setwebhook": set_webhook,
    "deletewebhook": delete_webhook,
    "getwebhookinfo": get_webhook_info,
}
