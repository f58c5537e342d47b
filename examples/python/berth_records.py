#!/usr/bin/env python3
"""Reads and writes an application's records as Berth does (docs/records.md), with the standard library only.

    book = Book(open("schema.txt").read())          # what RecordBook.schema() says
    name, bag = book.read(data)                     # ("hello/Bag", {"gold": 100, "items": [["bow", 1]]})
    data = book.write("hello/Bag", {"gold": 99, "items": []})

Values are what JSON has: int, float ("NaN", "Infinity", "-Infinity"), str, bool, bytes and UUID as text, a duration or an
instant as [seconds, nanoseconds], an enum as its name, a record as a dict, a case of a sealed interface as {"type", "value"},
lists and sets as lists, maps as lists of pairs.

    berth_records.py read SCHEMA HEX                 prints a value
    berth_records.py write SCHEMA RECORD JSON        prints its bytes
    berth_records.py check SCHEMA CORPUS             reads and writes every line of a corpus
"""

import json
import math
import struct
import sys
import uuid

VARINT, FIXED64, CHUNK, FIXED32 = 0, 1, 2, 5
NUMBER_MIN, NUMBER_MAX = 1 << 18, (1 << 25) - 1
DEPTH_MAX = 64


class WireError(Exception):
    """Bytes that are no record of this book, or a value that cannot be written."""


def field_number(name, kind):
    """FNV-1a, 32 bits, of "name:kind", folded into 2^18 .. 2^25 - 1."""
    value = 0x811C9DC5
    for byte in (name + ":" + kind).encode():
        value = ((value ^ byte) * 0x01000193) & 0xFFFFFFFF
    return NUMBER_MIN + value % (NUMBER_MAX - NUMBER_MIN + 1)


def varint(value):
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    out.append(value)
    return bytes(out)


def zigzag(value):
    if not -(1 << 63) <= value < 1 << 63:
        raise WireError(f"{value} does not fit into 64 bits")
    return value << 1 if value >= 0 else (-value << 1) - 1


def unzigzag(raw):
    return raw >> 1 if raw & 1 == 0 else -(raw >> 1) - 1


def chunk(tag, content):
    return varint(tag << 3 | CHUNK) + varint(len(content)) + content


class Reader:
    """Bytes from somewhere to somewhere; a field at a time."""

    def __init__(self, data, depth=0):
        if depth > DEPTH_MAX:
            raise WireError(f"more than {DEPTH_MAX} levels of nesting")
        self.data, self.at, self.depth = data, 0, depth

    def more(self):
        return self.at < len(self.data)

    def take(self, count):
        if count > len(self.data) - self.at:
            raise WireError(f"{count} bytes are announced, {len(self.data) - self.at} are there")
        self.at += count
        return self.data[self.at - count : self.at]

    def varint(self):
        value = 0
        for shift in range(0, 70, 7):
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                if value >> 64:
                    break
                return value
        raise WireError("a number has more than 64 bits")

    def nested(self):
        return Reader(self.take(self.varint()), self.depth + 1)

    def text(self):
        """All of the bytes as text."""
        try:
            return self.data.decode()
        except UnicodeDecodeError as error:
            raise WireError("not UTF-8: " + self.data[:16].hex()) from error

    def field(self):
        """(number, wire type)"""
        tag = self.varint()
        return tag >> 3, tag & 7

    def skip(self, wire_type):
        if wire_type == VARINT:
            self.varint()
        elif wire_type in (FIXED64, FIXED32):
            self.take(8 if wire_type == FIXED64 else 4)
        elif wire_type == CHUNK:
            self.take(self.varint())
        else:
            raise WireError(f"an unknown field has the wire type {wire_type}")


def split_kind(kind):
    """("map", ["text", "list<int>"]) of "map<text,list<int>>"; ("record", ["hello/Bag"]) of "record hello/Bag"."""
    if kind.startswith("record "):
        return "record", [kind[7:]]
    if "<" not in kind:
        return kind, []
    head, inner = kind[:-1].split("<", 1)
    parts, depth = [""], 0
    for char in inner:
        depth += (char == "<") - (char == ">")
        if char == "," and depth == 0:
            parts.append("")
        else:
            parts[-1] += char
    return head, parts


class Book:
    """The records of an application, from the text that RecordBook.schema() gives."""

    def __init__(self, schema):
        self.records = {}  # name -> (version, {number: (field, kind, nullable)})
        fields = None
        for line in schema.splitlines():
            words = line.strip().split(" ", 2)
            if words[0] == "record":
                fields = {}
                self.records[words[1]] = (int(words[2]), fields)
            elif words[0].isdigit():
                number, name, kind = int(words[0]), words[1], words[2]
                nullable, kind = kind.endswith("?"), kind.rstrip("?")
                if number != field_number(name, kind):
                    raise WireError(f"{name} {kind} has the number {field_number(name, kind)}, not {number}")
                fields[number] = (name, kind, nullable)

    # reading

    def read(self, data):
        """The name of the record, and its fields."""
        value = self._named(Reader(data))
        return value["type"], value["value"]

    def _named(self, reader):
        name = value = None
        while reader.more():
            number, wire_type = reader.field()
            if number == 1 and wire_type == CHUNK:
                name = reader.nested().text()
                if name not in self.records:
                    raise WireError(f"{name} is not in this book; is the writer newer?")
            elif number == 2 and wire_type == CHUNK and name is not None:
                value = self._record(name, reader.nested())
            else:
                reader.skip(wire_type)
        if value is None:
            raise WireError("a record's name and its fields must be there")
        return {"type": name, "value": value}

    def _record(self, name, reader):
        version, fields = self.records[name]
        value = {field: self._absent(kind, nullable) for field, kind, nullable in fields.values()}
        while reader.more():
            number, wire_type = reader.field()
            if number == 1:
                found = reader.varint()
                if found > version:
                    raise WireError(f"{name} was written in version {found}, this book has {version}")
            elif number in fields:
                field, kind, _ = fields[number]
                head, inner = split_kind(kind)
                if head in ("list", "set", "map"):
                    self._gather(head, inner, reader, wire_type, value[field])
                else:
                    self._expect(wire_type, kind)
                    value[field] = self._value(kind, reader)
            else:
                reader.skip(wire_type)
        return value

    @staticmethod
    def _absent(kind, nullable):
        if nullable:
            return None
        return {"bool": False, "int": 0, "float": 0.0, "text": "", "bytes": ""}.get(kind, [])

    @staticmethod
    def _wire_type(kind):
        return {"bool": VARINT, "int": VARINT, "float": FIXED64}.get(kind, CHUNK)

    def _expect(self, wire_type, kind):
        if wire_type != self._wire_type(kind):
            raise WireError(f"a field of the kind {kind} has the wire type {wire_type}")

    def _gather(self, head, inner, reader, wire_type, into):
        if head == "map":
            self._expect(wire_type, "map")
            into.append(self._entry(inner, reader.nested()))
        elif self._wire_type(inner[0]) == wire_type:
            into.append(self._value(inner[0], reader))
        else:
            self._expect(wire_type, "packed")
            packed = reader.nested()
            while packed.more():
                into.append(self._value(inner[0], packed))

    def _entry(self, kinds, reader):
        pair = [None, None]
        while reader.more():
            number, wire_type = reader.field()
            if number not in (1, 2):
                raise WireError("an entry has its key and its value")
            self._expect(wire_type, kinds[number - 1])
            pair[number - 1] = self._value(kinds[number - 1], reader)
        if None in pair:
            raise WireError("an entry needs its key and its value")
        return pair

    def _value(self, kind, reader):
        head, inner = split_kind(kind)
        if head == "int":
            return unzigzag(reader.varint())
        if head == "bool":
            return reader.varint() != 0
        if head == "float":
            value = struct.unpack("<d", reader.take(8))[0]
            if math.isfinite(value):
                return value
            return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
        nested = reader.nested()
        if head in ("text", "enum"):
            return nested.text()
        if head == "bytes":
            return nested.data.hex()
        if head == "uuid":
            if len(nested.data) != 16:
                raise WireError(f"a UUID of {len(nested.data)} bytes")
            return str(uuid.UUID(bytes=nested.data))
        if head in ("duration", "instant"):
            parts = [0, 0]
            while nested.more():
                number, wire_type = nested.field()
                if number in (1, 2) and wire_type == VARINT:
                    parts[number - 1] = unzigzag(nested.varint())
                else:
                    nested.skip(wire_type)
            return parts
        if head == "sealed":
            return self._named(nested)
        if head == "record":
            return self._record(inner[0], nested)
        many = []
        while nested.more():
            number, wire_type = nested.field()
            if number == 1:
                self._gather(head, inner, nested, wire_type, many)
            else:
                nested.skip(wire_type)
        return many

    # writing

    def write(self, name, value):
        """The bytes of a record."""
        if name not in self.records:
            raise WireError(f"{name} is not in this book")
        return chunk(1, name.encode()) + chunk(2, self._fields(name, value))

    def _fields(self, name, value):
        version, fields = self.records[name]
        unknown = set(value) - {field for field, _, _ in fields.values()}
        if unknown:
            raise WireError(f"{name} has no {', '.join(sorted(unknown))}")
        out = varint(1 << 3 | VARINT) + varint(version) if version > 1 else b""
        for number in sorted(fields):
            field, kind, nullable = fields[number]
            one = value.get(field, self._absent(kind, nullable))
            if one is not None:
                out += self._field(number, kind, one)
        return out

    def _field(self, number, kind, value):
        head, inner = split_kind(kind)
        if head in ("list", "set"):
            elements = [self._bare(inner[0], one) for one in value]
            if self._wire_type(inner[0]) == CHUNK:
                elements = [chunk(number, one) for one in elements]
                return b"".join(sorted(elements) if head == "set" else elements)
            packed = b"".join(sorted(elements) if head == "set" else elements)
            return chunk(number, packed) if packed else b""
        if head == "map":
            entries = sorted((self._single(1, inner[0], k), self._single(2, inner[1], v)) for k, v in value)
            return b"".join(chunk(number, k + v) for k, v in entries)
        return self._single(number, kind, value)

    def _single(self, number, kind, value):
        """A field that comes once, whatever its kind."""
        wire_type, bare = self._wire_type(kind), self._bare(kind, value)
        return chunk(number, bare) if wire_type == CHUNK else varint(number << 3 | wire_type) + bare

    def _bare(self, kind, value):
        """Without tag and length."""
        head, inner = split_kind(kind)
        if head == "int":
            return varint(zigzag(value))
        if head == "bool":
            return varint(1 if value else 0)
        if head == "float":
            return struct.pack("<d", float(value))
        if head in ("text", "enum"):
            return value.encode()
        if head == "bytes":
            return bytes.fromhex(value)
        if head == "uuid":
            return uuid.UUID(value).bytes
        if head in ("duration", "instant"):
            return b"".join(varint((i + 1) << 3 | VARINT) + varint(zigzag(part)) for i, part in enumerate(value))
        if head == "sealed":
            return self.write(value["type"], value["value"])
        if head == "record":
            return self._fields(inner[0], value)
        return self._field(1, kind, value)


def check(book, corpus):
    """Reads and writes every line: name, hex, record, JSON."""
    lines = corpus.splitlines()
    for line in lines:
        name, data, record, expected = line.split("\t")
        found = book.read(bytes.fromhex(data))
        if found != (record, json.loads(expected)):
            sys.exit(f"{name}: read {json.dumps(found)}")
        written = book.write(record, json.loads(expected)).hex()
        if written != data:
            sys.exit(f"{name}: wrote {written}")
    print(f"{len(lines)} values read and written alike")


def main(arguments):
    try:
        command, schema, *rest = arguments
        with open(schema, encoding="utf-8") as file:
            book = Book(file.read())
        if command == "read":
            name, value = book.read(bytes.fromhex(rest[0]))
            print(name, json.dumps(value, ensure_ascii=False))
        elif command == "write":
            print(book.write(rest[0], json.loads(rest[1])).hex())
        elif command == "check":
            with open(rest[0], encoding="utf-8") as file:
                check(book, file.read())
        else:
            raise ValueError(command)
    except WireError as error:
        sys.exit(f"refused: {error}")
    except (ValueError, IndexError):
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
