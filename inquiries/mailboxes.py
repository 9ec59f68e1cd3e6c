"""A mailbox can be typed in any number of ways, and mail go elsewhere than staff read: servers decode encoded words,
and drop quotes and comments."""

import re
from os.path import commonprefix

from django.core.mail.message import sanitize_address

ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
DOT_ATOM = re.compile(rf"{ATOM}(?:\.{ATOM})*")  # RFC 5322, 3.2.3; ``re.I`` would take the Kelvin sign for a K
FILLERS = str.maketrans("", "", ".-_")  # Gmail passes over dots, Proton over all three
# Domains by which one provider gives the same account: Google, Apple, Proton, Yandex. Those of Microsoft are accounts
# of their own, and so are Yahoo's by country.
SAME_DOMAIN = {
    "googlemail.com": "gmail.com",
    "me.com": "icloud.com",
    "mac.com": "icloud.com",
    "protonmail.com": "proton.me",
    "pm.me": "proton.me",
    "ya.ru": "yandex.ru",
    "yandex.com": "yandex.ru",
}
# Mail hosts that many people have. What differs from one of them by a letter, and is no slip, stands below.
COMMON = (
    "gmail.com",
    "googlemail.com",
    "hotmail.com",
    "hotmail.es",
    "outlook.com",
    "outlook.es",
    "yahoo.com",
    "yahoo.es",
    "yahoo.com.mx",
    "icloud.com",
    "comcast.net",
    "sbcglobal.net",
    "verizon.net",
    "protonmail.com",
)
NO_SLIPS = ("mail.com", "email.com", "ymail.com")


def is_plain(address: str) -> bool:
    """Letter for letter, but for case and IDNA. A number, or a domain that IDNA takes for another, is not."""
    local, _at, domain = address.rpartition("@")
    if not DOT_ATOM.fullmatch(local) or "=?" in local or "[" in domain:
        return False
    try:
        in_ascii = domain.encode("idna")
        is_itself = domain.isascii() or in_ascii.decode("idna") == domain.lower()
        return is_itself and sanitize_address(address, "utf-8") == f"{local}@{in_ascii.decode()}"
    except ValueError:
        return False


def mailbox(address: str) -> str:
    """One name for all spellings: many servers pass over case, fillers, and what follows a +. UnicodeError for no
    domain."""
    local, _at, domain = address.lower().rpartition("@")
    domain = domain.encode("idna").decode()
    return f"{local.partition('+')[0].translate(FILLERS)}@{SAME_DOMAIN.get(domain, domain)}"


def near_miss(address: str) -> str:
    """Return the address that was likely meant, if its host is one slip away from a common one; else an empty text."""
    local, _at, host = address.rpartition("@")
    if host.lower() in (*COMMON, *NO_SLIPS):
        return ""
    meant = next((common for common in COMMON if is_one_slip(host.lower(), common)), None)
    return f"{local}@{meant}" if meant else ""


def is_one_slip(typed: str, meant: str) -> bool:
    """Whether one letter is wrong, missing or too many, or two neighbours are exchanged."""
    alike = len(commonprefix([typed, meant]))
    typed, meant = typed[alike:], meant[alike:]
    exchanged = typed[:2] == meant[:2][::-1] and typed[2:] == meant[2:]
    return exchanged or meant[1:] in (typed, typed[1:]) or typed[1:] == meant
