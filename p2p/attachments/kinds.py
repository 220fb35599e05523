"""Which files may be attached: names made harmless, kinds found by ending and content, never by what a client says.

An allow list: what people who sell projects send one another. Programs, scripts and web pages stay out, whatever they
call themselves, because a colleague would open them. Anything else travels in a .zip.
"""

import re
import unicodedata

LONGEST_NAME = 150
#: So much of the beginning decides.
HEAD = 2048

#: Signature family → the media types of its endings.
FAMILIES: dict[str, dict[str, str]] = {
    "pdf": {"pdf": "application/pdf"},
    "png": {"png": "image/png"},
    "jpeg": {"jpg": "image/jpeg", "jpeg": "image/jpeg"},
    "gif": {"gif": "image/gif"},
    "riff": {"webp": "image/webp", "wav": "audio/wav"},
    "tiff": {"tif": "image/tiff", "tiff": "image/tiff"},
    "bmp": {"bmp": "image/bmp"},
    "ftyp": {
        "heic": "image/heic",
        "avif": "image/avif",
        "mp4": "video/mp4",
        "mov": "video/quicktime",
        "m4a": "audio/mp4",
    },
    "mp3": {"mp3": "audio/mpeg"},
    "rtf": {"rtf": "application/rtf"},
    "zip": {
        "zip": "application/zip",
        "odt": "application/vnd.oasis.opendocument.text",
        "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "odp": "application/vnd.oasis.opendocument.presentation",
        "odg": "application/vnd.oasis.opendocument.graphics",
        "3mf": "model/3mf",
    },
    # Office keeps a document with a password in the older container.
    "zip or ole": {
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "vsdx": "application/vnd.ms-visio.drawing",
        "xlsm": "application/vnd.ms-excel.sheet.macroenabled.12",
    },
    "ole": {
        "doc": "application/msword",
        "xls": "application/vnd.ms-excel",
        "ppt": "application/vnd.ms-powerpoint",
        "mpp": "application/vnd.ms-project",
        "msg": "application/vnd.ms-outlook",
    },
    "7z": {"7z": "application/x-7z-compressed"},
    "gzip": {"gz": "application/gzip", "tgz": "application/gzip"},
    "dwg": {"dwg": "image/vnd.dwg"},
    "text": {
        "txt": "text/plain",
        "log": "text/plain",
        "md": "text/markdown",
        "csv": "text/csv",
        "tsv": "text/tab-separated-values",
        "json": "application/json",
        "eml": "message/rfc822",
        "ics": "text/calendar",
        "vcf": "text/vcard",
        "dxf": "image/vnd.dxf",
        "step": "model/step",
        "stp": "model/step",
        "igs": "model/iges",
        "iges": "model/iges",
        "ifc": "application/x-step",
    },
    "any": {"stl": "model/stl"},
}
ENDINGS = {ending: (family, media) for family, endings in FAMILIES.items() for ending, media in endings.items()}

ZIP, OLE = (b"PK\x03\x04", b"PK\x05\x06"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
#: Family → how its content begins (at which place).
BEGINNINGS: dict[str, tuple[int, tuple[bytes, ...]]] = {
    "png": (0, (b"\x89PNG\r\n\x1a\n",)),
    "jpeg": (0, (b"\xff\xd8\xff",)),
    "gif": (0, (b"GIF87a", b"GIF89a")),
    "riff": (0, (b"RIFF",)),
    "tiff": (0, (b"II*\0", b"MM\0*")),
    "bmp": (0, (b"BM",)),
    "ftyp": (4, (b"ftyp", b"moov", b"mdat", b"wide", b"free")),
    "mp3": (0, (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xfa")),
    "rtf": (0, (b"{\\rtf",)),
    "zip": (0, ZIP),
    "zip or ole": (0, ZIP + OLE),
    "ole": (0, (*OLE, b"{\\rtf")),
    "7z": (0, (b"7z\xbc\xaf\x27\x1c",)),
    "gzip": (0, (b"\x1f\x8b",)),
    "dwg": (0, (b"AC10", b"AC1.", b"MC0.")),
}
PROGRAMS = (
    *(b"\x7fELF", b"\xca\xfe\xba\xbe", b"L\0\0\0\x01\x14\x02\0"),
    *(b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe", b"\xcf\xfa\xed\xfe"),
)
WEB_PAGE = re.compile(
    r"(<\?xml[^>]*>|<!--.*?-->|\s)*<(!doctype\s+(html|svg)|html|head|body|script|iframe|svg|\?php|%@)\b", re.I | re.S
)
RISKY = frozenset(
    "exe com bat cmd scr pif msi msix dll jar js jse mjs vb vbs vbe wsf wsh hta ps1 psm1 sh bash py pl rb php lnk url "
    "reg cpl inf apk app dmg deb rpm iso img htm html xhtml mht mhtml svg svgz xml xsl swf chm".split()
)
IN_A_ZIP = "Put it into a .zip archive if a colleague needs it."


class Refused(ValueError):
    """A file that may not be attached; the message names it, says why and what to do."""


def cleaned(name: str) -> str:
    """A file name fit for every system: no folder, nothing unseen or unprintable, at most 150 characters; its ending
    stays."""
    name = name.replace("%22", '"').replace("%0D", " ").replace("%0A", " ")  # so browsers send these three
    name = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    name = " ".join("".join(" " if c.isspace() else c for c in name if c.isspace() or _shows(c)).split())
    stem, dot, ending = name.strip(" .").rpartition(".")
    if not dot:
        return ending[:LONGEST_NAME] or "file"
    return stem[: LONGEST_NAME - len(ending) - 1].rstrip() + dot + ending if len(ending) <= 20 else name[:LONGEST_NAME]


def _shows(c: str) -> bool:
    """Not a control character, and none that turns the writing around (`exe.pdf` from `fdp.exe`); joiners stay."""
    return unicodedata.category(c) not in ("Cc", "Cs", "Co", "Cn") and (
        unicodedata.category(c) != "Cf" or c in "\u200c\u200d"
    )


def ending(name: str) -> str:
    return name.rpartition(".")[2].lower() if "." in name else ""


def media_type(name: str, head: bytes) -> str:
    """The media type of a file by its (cleaned) name and how its content begins; raises Refused."""
    if not head:
        raise Refused(f"“{name}” is empty. Was it still being written? Choose it again.")
    suffix = ending(name)
    if not suffix:
        raise Refused(f"“{name}” has no ending such as .pdf that says what it is. Rename it, then choose it again.")
    if suffix not in ENDINGS:
        why = "programs, scripts and web pages are not taken" if suffix in RISKY else f".{suffix} files are not taken"
        raise Refused(f"“{name}”: {why}. {IN_A_ZIP}")
    if disguised := _disguise(head):
        raise Refused(f"“{name}” calls itself .{suffix}, but what is in it is {disguised}. {IN_A_ZIP}")
    family, media = ENDINGS[suffix]
    if not _begins_like(family, head):
        raise Refused(f"“{name}” calls itself .{suffix}, but its content is none. Save it anew.")
    return media


def _disguise(head: bytes) -> str | None:
    """What no ending makes acceptable."""
    if head.startswith(PROGRAMS) or (head.startswith(b"MZ") and b"\0" in head):
        return "a program"
    if head.startswith(b"#!"):
        return "a script"
    return "a web page" if WEB_PAGE.match(_as_text(head)) else None


def _as_text(head: bytes) -> str:
    for mark, encoding in ((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"), (b"\xef\xbb\xbf", "utf-8")):
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, "ignore")
    return head.decode("latin-1")


def _begins_like(family: str, head: bytes) -> bool:
    if family == "any":
        return True
    if family == "text":
        return b"\0" not in head or head.startswith((b"\xff\xfe", b"\xfe\xff", b"AutoCAD Binary DXF"))
    if family == "pdf":
        return b"%PDF-" in head[:1024]
    place, beginnings = BEGINNINGS[family]
    return head[place:].startswith(beginnings)
