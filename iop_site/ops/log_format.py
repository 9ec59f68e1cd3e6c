"""JSON logs that carry a request id and nothing personal: no query string, no form data, no exception message."""

import logging
import traceback
from contextvars import ContextVar

from pythonjsonlogger.json import JsonFormatter as BaseJsonFormatter

request_id: ContextVar[str] = ContextVar("request_id", default="")
request_path: ContextVar[str] = ContextVar("request_path", default="")  # without its query


class RequestIdFilter(logging.Filter):
    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = request_id.get()
        vars(record).pop("request", None)  # its text holds the query string
        if record.name.startswith("django.security"):  # so do its own words: a referrer, an origin, a name of a field
            record.msg, record.args = "refused", ()
        return True


class JsonFormatter(BaseJsonFormatter):
    """One JSON object a line. An exception is its class and its frames: messages can repeat what a person typed."""

    def __init__(self):
        super().__init__(
            "{levelname}{name}{message}{request_id}",
            style="{",
            timestamp=True,
            rename_fields={"levelname": "level", "name": "logger"},
        )

    def formatException(self, exc_info) -> str:
        kind, error, trace = exc_info
        frames = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(trace)]
        cause = error.__cause__ or error.__context__ if error else None
        causes = f" (from {type(cause).__name__})" if cause else ""
        return f"{getattr(kind, '__name__', kind)}{causes} at " + " < ".join(reversed(frames))
