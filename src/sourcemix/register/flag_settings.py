"""Settings of the red flags, in the form of Cardinal's `settings.ini`."""

from __future__ import annotations

import configparser
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sourcemix.errors import FileError, InputError

__all__ = ["ALL_FLAGS", "FlagSettings", "read_settings"]

ALL_FLAGS = ("R003", "R018", "R024", "R025", "R028", "R030", "R035", "R036", "R038", "R044",
             "R048", "R058")  # fmt: skip
"""Every red flag that is computed."""


@dataclass(frozen=True, slots=True)
class FlagSettings:
    """Which flags are computed, and how.

    Attributes:
        flags: settings of each flag that is asked for, as text; none means its defaults.
        currency: the one currency that prices are compared in; the first one found where empty.
        price_methods: details of procurement methods in which prices are compared.
        no_price_methods: details of those in which they are not.
        excluded: details of procurement methods that are left out.
        methods: days by details of the procurement method, for R003.
        prepare: sections of the preparation of data.
    """

    flags: Mapping[str, Mapping[str, str]] = field(
        default_factory=lambda: {flag: {} for flag in ALL_FLAGS}
    )
    currency: str = ""
    price_methods: frozenset[str] = frozenset()
    no_price_methods: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    methods: Mapping[str, int] = field(default_factory=dict)
    prepare: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def number(self, flag: str, name: str, default: float | None = None) -> float | None:
        """A number of a flag's settings.

        Raises:
            InputError: it is no number.
        """
        text = self.flags.get(flag, {}).get(name)
        if text is None:
            return default
        try:
            return float(text)
        except ValueError:
            raise InputError(f"[{flag}] {name} should be a number, not `{text}`") from None

    def several(self, flag: str, name: str, default: str = "") -> frozenset[str]:
        """Values with `|` between them of a flag's settings."""
        return _several(self.flags.get(flag, {}).get(name, default))


def read_settings(path: Path) -> FlagSettings:
    """Read settings from a file.

    Raises:
        FileError: it cannot be read.
    """
    parser = configparser.ConfigParser(
        interpolation=None, default_section="\0", strict=False, delimiters=("=",),
        comment_prefixes=(";", "#"),
    )  # fmt: skip
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    try:
        # Settings before the first section belong to none.
        parser.read_string("[ ]\n" + path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, configparser.Error) as error:
        raise FileError(f"the settings cannot be read: {error}", source=str(path)) from error
    top = parser[" "]
    sections = {name: dict(parser[name]) for name in parser.sections()}
    days = sections.get("R003.procurement_method_details", {})
    return FlagSettings(
        flags={name: sections[name] for name in ALL_FLAGS if name in sections},
        currency=top.get("currency", ""),
        price_methods=_several(top.get("price_comparison_procurement_methods", "")),
        no_price_methods=_several(top.get("no_price_comparison_procurement_methods", "")),
        excluded=_several(sections.get("exclusions", {}).get("procurement_method_details", "")),
        methods={name: int(text) for name, text in days.items() if text.strip().isdigit()},
        prepare={name: values for name, values in sections.items() if name not in ALL_FLAGS},
    )


def _several(text: str) -> frozenset[str]:
    return frozenset(part for part in text.split("|") if part)
