"""The address of a question in the page: `#/derive?f=(w*x-y)^2&wrt=w`, as app/visit/link.ts writes and reads it."""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from collections.abc import Mapping
from urllib.parse import quote, unquote

from nabla.lab import LABS
from nabla.page import asking

LONG = 300  # characters of a value, above which it is packed when that makes it shorter
UNPACKED = 2_000_000  # characters of an unpacked value: a short link must not fill the memory
# What no browser, chat program or Markdown breaks.
_SAFE = "~*+-/=^,:;!?@$()._"


def link(lab: str, inputs: Mapping[str, str]) -> str:
    """The address of `inputs` in the page, behind the address of the page itself; defaults are left out.

    Raises:
        KeyError: when there is no such lab.
    """
    parts = [
        f"{field.name}={_value(inputs[field.name])}"
        for field in (asking.FIELDS if lab == "ask" else LABS[lab].fields)
        if field.name in inputs and inputs[field.name].strip() != field.default.strip()
    ]
    query = "&".join(parts)
    if query.count("*") > 1:  # two of them make what is between them slanted in Markdown
        query = query.replace("*", "%2A")
    return f"#/{lab}{'?' + _ended(query) if query else ''}"


def _value(text: str) -> str:
    # A value that only looks packed has its first letter escaped.
    plain = re.sub(r"^z(?=\d+\.)", "%7A", _escaped(text))
    if len(plain) <= LONG:
        return plain
    packer = zlib.compressobj(9, wbits=-15)
    packed = base64.urlsafe_b64encode(packer.compress(text.encode()) + packer.flush()).decode().rstrip("=")
    return min(plain, f"z1.{packed}", key=len)


def _escaped(text: str) -> str:
    escaped = quote(text, safe=_SAFE)
    return escaped if _paired(escaped) else _without_brackets(escaped)


def _paired(text: str) -> bool:
    depth = 0
    for letter in text:
        depth += (letter == "(") - (letter == ")")
        if depth < 0:
            return False
    return depth == 0


def _without_brackets(text: str) -> str:
    return text.replace("(", "%28").replace(")", "%29")


def _ended(query: str) -> str:
    """Programs that find links in text leave out punctuation at the end, and a bracket without its partner."""
    if query.endswith(")"):
        value = query.rfind("&") + 1
        return query[:value] + _without_brackets(query[value:])
    return re.sub(r"[^\w=/-]\Z", lambda found: f"%{ord(found[0]):02X}", query, flags=re.ASCII)


def read_link(text: str) -> tuple[str, dict[str, str]] | None:
    """The lab and the inputs that an address names; None when it names none, or a value in it is damaged.

    Args:
        text: what stands behind the `#` of a link.
    """
    match = re.fullmatch(r"/([A-Za-z]{1,20})/?(?:\?(.*))?", text)
    if not match:
        return None
    inputs: dict[str, str] = {}
    for part in filter(None, (match[2] or "").split("&")):
        name, _, value = part.partition("=")
        packed = re.fullmatch(r"z(\d+)\.(.*)", value)
        unpacked = _unpacked(packed[2]) if packed and packed[1] == "1" else None if packed else unquote(value)
        if unpacked is None:
            return None
        inputs[unquote(name).removeprefix("amp;")] = unpacked
    inputs.pop("depth", None)  # how far the answer is opened, which is the page's own
    return match[1].lower(), inputs


def _unpacked(text: str) -> str | None:
    """A value packed as `z1.`: deflated and in base64's letters for addresses; None when it is not one."""
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
        inflate = zlib.decompressobj(-zlib.MAX_WBITS)
        plain = inflate.decompress(data, 4 * UNPACKED)
        return None if inflate.unconsumed_tail or not inflate.eof else plain.decode("utf-8")
    except (binascii.Error, zlib.error, UnicodeDecodeError):
        return None
