"""As much of PDF as it takes to see what stands on a page that Typst has set: objects, fonts, text."""

import re
import zlib

ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
# A font, a string in brackets, which may hold pairs of brackets, or one in hexadecimal; and what a mark says beside its glyphs, passed over.
SHOWN = re.compile(rb"/ActualText\s*\((?:\\.|[^\\()])*\)|/(f\d+) [\d.]+ Tf|\(((?:\\.|[^\\()]|\((?:\\.|[^\\()])*\))*)\)|(?<!<)<([0-9A-Fa-f]+)>", re.DOTALL)


class Pdf:
    def __init__(self, data):
        self.objects = {int(number): body for number, body in re.findall(rb"(?s)\n(\d+) 0 obj\s(.*?)\sendobj", data)}
        for body in list(self.objects.values()):
            if b"/ObjStm" in body:
                self._unpack(body)

    def _unpack(self, body):
        """The objects inside a stream of objects."""
        inside, first = stream(body), int(re.search(rb"/First (\d+)", body)[1])
        numbers = list(map(int, inside[:first].split()))
        for number, start, end in zip(numbers[::2], numbers[1::2], [*numbers[3::2], len(inside) - first]):
            self.objects[number] = inside[first + start : first + end]

    def of_type(self, name):
        return [body for body in self.objects.values() if re.search(rb"/Type\s*/%s\b" % name.encode(), body)]

    @property
    def pages(self):
        return self.of_type("Page")

    def referred(self, body, name):
        """The object to which an entry refers."""
        return self.objects[int(re.search(rb"/%s\s+(\d+) 0 R" % name.encode(), body)[1])]

    def text(self, page):
        """What a page says, as (font, text), from first to last, by the tables of letters that its fonts have."""
        resources = self.referred(page, "Resources")
        fonts = re.search(rb"/Font\s*<<(.*?)>>", resources) or re.search(rb"<<(.*?)>>", self.referred(resources, "Font"))
        tables = {name: self._letters(self.objects[int(number)]) for name, number in re.findall(rb"/(f\d+)\s+(\d+) 0 R", fonts[1])}
        font = letters = None
        for named, literal, digits in SHOWN.findall(stream(self.referred(page, "Contents"))):
            if named:
                font, letters = tables[named]
            elif font:
                code, width = bytes.fromhex(digits.decode()) or unescaped(literal), len(next(iter(letters)))
                yield font, "".join(letters.get(code[k : k + width], "\ufffd") for k in range(0, len(code), width))

    def _letters(self, font):
        """A font's name, and what its glyphs stand for."""
        table = stream(self.referred(font, "ToUnicode")).decode("latin-1")
        pairs = re.findall(r"^<([0-9a-fA-F]+)> <([0-9a-fA-F]+)>$", table, re.MULTILINE)
        name = re.search(rb"/BaseFont\s*/(?:[A-Z]{6}\+)?([\w.-]+)", font)[1].decode()
        return name, {bytes.fromhex(code): bytes.fromhex(letter).decode("utf-16-be") for code, letter in pairs}


def stream(body):
    data = body.partition(b"stream\n")[2] or body.partition(b"stream\r\n")[2]
    return zlib.decompressobj().decompress(data) if b"/FlateDecode" in body.partition(b"stream")[0] else data


def unescaped(literal):
    """The bytes of a string in brackets."""
    return re.sub(rb"(?s)\\([0-7]{3}|.)", lambda match: bytes([int(match[1], 8)]) if len(match[1]) == 3 else ESCAPES.get(match[1], match[1]), literal)
