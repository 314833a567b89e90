# SPDX-License-Identifier: MIT
"""The fields of a row, by the format file of its tracepoint (FORMAT.md, 7, "Format files")."""

import re
import struct

FIELDS_MAX, NAME_MAX = 128, 47
END_MAX = 65535                         # where a field may end
ELEMENT_SIZES = {
    "char": 1, "bool": 1, "u8": 1, "s8": 1, "__u8": 1, "__s8": 1, "uint8_t": 1, "short": 2,
    "u16": 2, "__u16": 2, "__be16": 2, "int": 4, "u32": 4, "__u32": 4, "__be32": 4, "u64": 8,
    "__u64": 8,
}


class Unreadable(Exception):
    """A format file of which nothing can be believed."""


class Field:
    """One line `field:` of a format file."""

    def __init__(self, line):
        declaration, _, rest = line.partition(";")
        self.offset, self.size = attribute(rest, "offset"), attribute(rest, "size")
        self.signed = bool(attribute(rest, "signed", 0))
        match = re.fullmatch(r"(.*?)(\w+)\s*(\[.*\])?", declaration.strip(), re.ASCII)
        if not match or not match[1].strip() or len(match[2]) > NAME_MAX or \
                self.offset + self.size > END_MAX:
            raise Unreadable(line)
        kind, self.name, bracket = match[1].strip(), match[2], match[3]
        self.where = next((w for w in ("__rel_loc", "__data_loc") if w in kind), None)
        if self.where:
            kind = re.sub(r"\[\]$", "", kind.partition(" ")[2]).strip()
        self.is_array = bool(bracket or self.where)
        self.is_text = self.is_array and kind in ("char", "const char")
        self.element = self._element_size(kind, bracket or "")

    def _element_size(self, kind, bracket):
        n = int(bracket[1:-1]) if re.fullmatch(r"\[\s*\d+\s*\]", bracket) else 0
        if n and self.size % n == 0:
            return self.size // n
        word = re.search(r"\w*$", kind)[0]
        return ELEMENT_SIZES.get(word)

    def value(self, row, order):
        """What stands in a row: for JSON, as the vectors' README says."""
        end = self.offset + self.size
        if end > len(row):
            return None
        data = row[self.offset:end]
        if self.where:
            if self.size != 4:
                return hexadecimal(data)
            (place,) = struct.unpack(order + "I", data)
            at = (place & 0xffff) + (end if self.where == "__rel_loc" else 0)
            data = row[at:at + (place >> 16)]
            if at + (place >> 16) > len(row):
                return None
        if self.is_text:
            return text(data, has_one_nul=bool(self.where))
        if self.is_array:
            return self._list(data, order)
        return self._number(data, order) if len(data) in (1, 2, 4, 8) else hexadecimal(data)

    def _number(self, data, order):
        return int.from_bytes(data, "little" if order == "<" else "big", signed=self.signed)

    def _list(self, data, order):
        size = self.element
        if size not in (1, 2, 4, 8) or len(data) % size:
            return hexadecimal(data)
        return [self._number(data[i:i + size], order) for i in range(0, len(data), size)]


def attribute(rest, key, default=None):
    """The number of an attribute such as "size:4" among those between semicolons."""
    for part in rest.split(";"):
        if part.strip().startswith(key + ":"):
            match = re.fullmatch(r"\s*\w+:[ \t]*(\d+)[ \t\r]*", part, re.ASCII)
            if match and int(match[1]) <= END_MAX:
                return int(match[1])
            break
    if default is None:
        raise Unreadable(key)
    return default


def hexadecimal(data):
    return {"hex": data.hex()}


def text(data, has_one_nul):
    """An array of char: a string where it is nothing but one."""
    string = data.split(b"\0")[0]
    nuls = data[len(string):]
    is_string = nuls == b"\0" if has_one_nul else not nuls.strip(b"\0")
    if is_string and all(0x20 <= c <= 0x7e for c in string):
        return string.decode("ascii")
    return hexadecimal(data)


def format_fields(file):
    """The fields of a format file."""
    lines = [line.strip(" \t\r") for line in file.decode("latin-1").split("\n")]
    if "format:" not in lines:
        raise Unreadable("no fields")
    head, found = lines[:lines.index("format:")], []
    for line in lines[len(head) + 1:]:
        if line and not line.startswith("field:"):
            break
        if line:
            found.append(Field(line[len("field:"):]))
    has_name = any(re.match(r"name:[ \t]*[^ \t]", line) for line in head)
    has_id = any(re.fullmatch(r"ID:[ \t]*\d+", line) for line in head)
    if not has_name or not has_id or not 1 <= len(found) <= FIELDS_MAX:
        raise Unreadable("no name, ID or fields")
    return found
