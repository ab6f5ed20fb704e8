"""Encoding: from the bytes of a page to its text, as browsers read them."""

from __future__ import annotations

import codecs
import re
from itertools import chain

# The Encoding Standard's names that Python does not know, and its encodings where Python's of that name read less.
_LABELS = {
    "iso88591": "cp1252", "iso-8859-8-i": "iso8859-8", "logical": "iso8859-8", "visual": "iso8859-8", "dos-874": "cp874",
    "iso-8859-6-e": "iso8859-6", "iso-8859-6-i": "iso8859-6", "koi": "koi8-r", "koi8": "koi8-r", "koi8-ru": "koi8-u",
    "mac": "mac-roman", "csmacintosh": "mac-roman", "x-mac-ukrainian": "mac-cyrillic", "windows-31j": "cp932",
    "gb_2312": "gb18030", "gb_2312-80": "gb18030", "csgb2312": "gb18030", "cn-big5": "big5hkscs", "cseuckr": "cp949",
    "ksc_5601": "cp949", "ks_c_5601-1989": "cp949", "iso-ir-149": "cp949", "cseucpkdfmtjapanese": "euc_jis_2004",
    "utf-16": "utf-16-le", "unicode": "utf-16-le", "ucs-2": "utf-16-le",
}  # fmt: skip
_WIDER = {
    "ascii": "cp1252", "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "shift_jis": "cp932", "euc_jp": "euc_jis_2004", "euc_kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030", "big5": "big5hkscs",
}  # fmt: skip
_READABLE = re.compile(
    r"""
      utf-8 | utf-16-[lb]e                      # utf-16-le
    | cp(?:125\d|866|874|932|949)               # cp1251: of Windows
    | iso8859-\d+                               # iso8859-2
    | koi8-[ru]                                 # koi8-u: Ukrainian
    | euc_jis_2004 | iso2022_jp                 # Japanese
    | gb18030 | big5hkscs                       # Chinese
    | mac-(?:roman|cyrillic)                    # mac-roman
    """,
    re.VERBOSE,
)
_JAPANESE_SIGNS = str.maketrans("〜‖−¢£¬", "～∥－￠￡￢")  # as browsers read them
_CHARSET = re.compile(r"(?<![\w-])charset\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_CHARSET_IN_PAGE = re.compile(
    rb"""
      <!--.*?(?:-->|\Z)                    # <!-- <meta charset=latin1> -->: what is said in there does not count
    | <script\b.*?(?:</script|\Z)          # <script>"<meta charset=latin1>"</script>: nor there
    | <meta(?P<attributes>[^>]{1,1000})    # <meta charset=utf-8>
    """,
    re.IGNORECASE | re.DOTALL | re.VERBOSE,
)
_XML_ENCODING = re.compile(r"\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([\w.:-]+)")
_LONGEST_LABEL = 20  # Python keeps in memory whatever it was asked for
_SNIFFED = 65_536  # bytes; the standard looks at 1,024, browsers read on to the end of the head


def decode(html: bytes, content_type: str) -> str:
    """Decode a page in the order of the Encoding and HTML standards: BOM, HTTP header, the page, then a guess."""
    for mark, codec in (
        (codecs.BOM_UTF8, "utf-8"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
    ):
        if html.startswith(mark):
            return html[len(mark) :].decode(codec, "replace")
    codec = next(filter(None, map(_codec, _CHARSET.findall(content_type))), "") or _codec_in_page(html)
    if not codec or codec == "utf-8":
        return _as_utf_8(html) or html.decode(codec or "cp1252", "replace")
    page = html.decode(codec, "replace")
    if codec in ("euc_jis_2004", "iso2022_jp"):
        page = page.translate(_JAPANESE_SIGNS)
    # A label that was left behind when the site moved to UTF-8 fits its bytes badly.
    return (_as_utf_8(html) or page) if "\ufffd" in page else page


def _codec_in_page(html: bytes) -> str:
    """The codec that a page itself names first, in `meta` or, failing that, as XML."""
    xml = _XML_ENCODING.match(html[:200].decode("latin-1"))
    attributes = (
        match["attributes"].decode("latin-1")
        for match in _CHARSET_IN_PAGE.finditer(html[:_SNIFFED])
        if match["attributes"]
    )
    for label in chain(map(_CHARSET.search, attributes), [xml]):
        if label and (codec := _codec(label[1])):
            # A page whose `meta` can be read is not written in UTF-16.
            return "utf-8" if codec.startswith("utf-16") else codec
    return ""


def _codec(label: str) -> str:
    """Python's codec for a label of the Encoding Standard, which in places reads more; "" for no text's."""
    label = label.lower()[:_LONGEST_LABEL]
    for name in (_LABELS.get(label, label), label.replace("x-", ""), re.sub(r"\Aiso(\d{4})", r"iso\1-", label)):
        try:
            codec = codecs.lookup(name).name
        except (LookupError, ValueError):
            continue
        codec = _WIDER.get(codec, codec)
        return codec if _READABLE.fullmatch(codec) else ""
    return ""


def _as_utf_8(html: bytes) -> str | None:
    """The page as UTF-8, if of what is not ASCII more can be read so than not."""
    page = codecs.utf_8_decode(html, "replace")[0]
    replacements = page.count("\ufffd")
    beyond_ascii = len(page) - len(page.encode("ascii", "ignore")) if replacements else 0
    return page if beyond_ascii >= 2 * replacements else None
