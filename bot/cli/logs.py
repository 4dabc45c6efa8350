"""Logs: one line an event, with names and numbers and never a citizen's words."""

import logging
import os
import sys

import structlog


def configure_logs(usual: str = "warning") -> None:
    """To stderr: readable lines on a terminal, JSON elsewhere; level by NACHTSCHALTER_LOG, else `usual`."""
    level = getattr(logging, os.environ.get("NACHTSCHALTER_LOG", usual).upper(), logging.INFO)
    terminal = sys.stderr.isatty()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            # Only where it happened: a traceback's last line may quote what a citizen wrote.
            structlog.processors.CallsiteParameterAdder({structlog.processors.CallsiteParameter.MODULE}),
            _without_words,
            structlog.dev.ConsoleRenderer() if terminal else structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,  # serve sets another level than other commands
    )
    for name in ("apscheduler", "uvicorn", "httpx", "httpcore", "telegram", "sqlalchemy", "alembic"):
        logging.getLogger(name).setLevel(logging.WARNING)


def _without_words(_: object, __: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Replaces an exception by the places it came through."""
    if event.pop("exc_info", None):
        trace = sys.exc_info()[2]
        places = []
        while trace:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
            trace = trace.tb_next
        event["at"] = " > ".join(places[-6:])
    return event
