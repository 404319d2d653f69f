"""Documents to and from files: YAML and JSON, exact both ways, every fault at once."""

from __future__ import annotations

from sourcemix.files.migrate import Migration, migrate
from sourcemix.files.reading import (
    Document,
    case_from,
    event_from,
    read,
    read_award,
    read_case,
    read_event,
    read_plan,
)
from sourcemix.files.schema import SchemaName, schema
from sourcemix.files.source import Format
from sourcemix.files.writing import dumps, write
from sourcemix.model.canonical import canonical, digest

__all__ = [
    "Document",
    "Format",
    "Migration",
    "SchemaName",
    "canonical",
    "case_from",
    "digest",
    "dumps",
    "event_from",
    "migrate",
    "read",
    "read_award",
    "read_case",
    "read_event",
    "read_plan",
    "schema",
    "write",
]
