"""Names of suppliers in a form that can be compared."""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from sourcemix.register.wordlists import words

__all__ = ["Name", "is_nobody", "plain_name"]

_WEAK = frozenset(
    ["the", "and", "of", "uk", "gb", "england", "britain", "great", "for", "in", "at", "a", "ta"]
)
_LONG = (
    ("public limited company", "plc"), ("community interest company", "cic"),
    ("limited liability partnership", "llp"), ("charitable incorporated organisation", "cio"),
    ("metropolitan borough council", "borough council"), ("mbc", "borough council"),
    ("national health service", "nhs"), ("saint", "st"), ("brothers", "bros"),
)  # fmt: skip
_FULL_WORDS = {
    "ft": "foundation trust", "mcr": "manchester", "gtr": "greater", "mgmt": "management",
    "svc": "service", "svcs": "services", "intl": "international", "assoc": "association",
    "hosp": "hospital", "univ": "university", "center": "centre", "dept": "department",
    "govt": "government", "natl": "national",
}  # fmt: skip
_SHORT = {"bc": "borough council", "cc": "county council", "dc": "district council"}
_CLASSES = {
    "council": "council", "councils": "council", "authority": "council", "borough": "council",
    "nhs": "nhs", "ccg": "nhs", "icb": "nhs", "hospital": "nhs", "hospitals": "nhs",
    "healthcare": "nhs", "ambulance": "nhs",
    "police": "police", "constabulary": "police", "fire": "fire", "university": "university",
    "college": "college", "school": "school", "schools": "school", "academy": "school",
    "academies": "school", "nursery": "school", "preschool": "school", "church": "church",
    "parish": "parish", "diocese": "church", "diocesan": "church", "housing": "housing",
    "homes": "housing", "trust": "trust", "fc": "club", "rotary": "club",
}  # fmt: skip
_LEVELS = frozenset(["county", "city", "borough", "district", "town", "parish", "metropolitan"])


@dataclass(frozen=True, slots=True)
class Name:
    """A name, ready to be compared.

    Attributes:
        tokens: its telling words, in their order, without legal forms and weak words.
        kinds: classes of body in it (`council`, `nhs`, `school`): bodies of different classes are
            never the same, whatever place they share.
        level: `county`, `city` and so on, for councils.
        others: other names in it, as after `trading as`.
    """

    tokens: tuple[str, ...]
    kinds: frozenset[str]
    level: frozenset[str]
    others: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """The name as one text; the same for names that differ in legal form and spacing only."""
        return "".join(self.tokens)


@lru_cache(maxsize=200_000)
def plain_name(text: str) -> Name:
    """A name in its plain form."""
    shown = html.unescape(html.unescape(text))
    if any(sign.islower() for sign in shown):
        # Capitals in brackets behind a name are its short form: `… Limited (CAMMS)`.
        shown = re.sub(r"(?<=\w{3}) \((?!UK|NW|NE|SE|SW|EU|USA|GB|NI)[A-Z]{3,8}\)", " ", shown)
    shown = unicodedata.normalize("NFKD", shown).encode("ascii", "ignore").decode().casefold()
    shown = re.sub(r"(?:,|\s)+(?:via|c/o)\s.*$", "", shown)
    shown = re.sub(r"^lot \w{1,3}\s*[-:]\s*", "", shown.strip())
    shown = re.sub(r"\((?:primary|lead|main contractor|lead supplier)\)", " ", shown)
    shown = re.sub(r"\bm/c\b", "manchester", shown)
    shown = re.sub(r"\b(ltd|limited|llp|plc)\.? ta ", r"\1 t/a ", shown)
    first, *others = re.split(
        r"\s+(?:t/a\.?|t/as|trading as|also known as|aka|formerly(?: known as)?|dba)\s+"
        r"|\s+\(?t/a:?\s+",
        shown.strip(),
    )
    first = _without_initials(first)
    spoken = _words(first)
    kinds = frozenset(_CLASSES[word] for word in spoken if word in _CLASSES)
    level = frozenset(spoken) & _LEVELS if "council" in kinds else frozenset[str]()
    tokens = [word for word in spoken if word not in words("legal") and word not in _WEAK]
    if "council" in kinds:
        tokens = [word for word in tokens if word not in _LEVELS]
    return Name(tuple(tokens) or tuple(spoken), kinds, level, tuple(o.strip(" ()") for o in others))


def is_nobody(text: str) -> bool:
    """Whether a name names nobody: `Various`, `Redacted`."""
    shown = " ".join(text.casefold().replace("*", " ").split()).strip(" .-()[]")
    return (
        not re.search(r"[a-z0-9]", shown) or shown in words("nobody") or shown.startswith("redact")
    )


def _words(text: str) -> list[str]:
    text = text.replace("&", " and ").replace("+", " and ").replace("@", " at ")
    text = re.sub(r"['`.\u2019]", "", text)
    text = re.sub(r"[^a-z0-9]+", " ", text).strip()
    for long, short in _LONG:
        text = re.sub(rf"\b{long}\b", short, text)
    words = " ".join(_FULL_WORDS.get(word, word) for word in text.split()).split()
    if len(words) == 2 and words[1] in _SHORT:
        words = [words[0], *_SHORT[words[1]].split()]
    return _initials_joined(words)


def _initials_joined(words: list[str]) -> list[str]:
    """Single letters in a row are one word: `b t` is `bt`."""
    joined: list[str] = []
    run = ""
    for word in words:
        if len(word) == 1 and word.isalpha():
            run += word
            continue
        if run:
            joined.append(run)
            run = ""
        joined.append(word)
    return [*joined, run] if run else joined


def _without_initials(text: str) -> str:
    """A name without its own initials in brackets, and without a note such as `(Manchester)`."""

    def drop(found: re.Match[str]) -> str:
        inside = re.sub(r"[^a-z0-9]", "", found[1])
        words = _words(text[: found.start()])
        initials = "".join(word[0] for word in words)
        strong = "".join(word[0] for word in words if word not in _WEAK)
        return " " if inside and inside in {initials, strong} else f" {found[1]} "

    return re.sub(r"\(([^()]*)\)", drop, text)
