"""The web application around both doors: headers, static files, and their routers."""

from collections.abc import Callable, Sequence

from fastapi import APIRouter, FastAPI

from bot.settings.town import Settings
from bot.web import assets
from bot.web.headers import SecurityHeaders


def web_app(settings: Settings, *, routers: Sequence[APIRouter], wake: Callable[[], None]) -> FastAPI:
    """`wake` is called, as `app.state.wake`, whenever a message has been accepted."""
    app = FastAPI(title=f"Nachtschalter {settings.city.name}", docs_url=None, redoc_url=None, openapi_url=None)
    app.state.wake = wake
    app.add_middleware(SecurityHeaders)
    assets.mount(app)
    for router in routers:
        app.include_router(router)
    return app
