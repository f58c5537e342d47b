#!/usr/bin/env python3
"""A hidden node of a cluster in Python, with the standard library only (docs/protocol.md, docs/simpledb.md).

    book = Book(open("simpledb.schema").read())                  # what processes say to each other
    node = Node("simpledb", secret, ("127.0.0.1", 7501), book)   # any listed node; this one is in no view
    database = node.find("database")                             # the address behind a global name, or None
    node.call(database, ("simpledb/Set", {"key": "xxx", "value": "yyy"}))
    node.serve("shout", lambda message: message.upper())         # a name of its own, for whomever in the cluster

A message or answer is None, str, bool, int, float, bytes, an Address, or (record, dict) of the book. What a handler raises
ends its caller's call as Failed. All goes over the one connection; when it ends, its services and names end with it.
"""

import hashlib
import hmac
import os
import queue
import socket
import struct
import threading
from concurrent.futures import ThreadPoolExecutor

from berth_records import CHUNK, VARINT, Book, Reader, WireError, chunk, unzigzag, varint, zigzag

PEER, TOOL = 2, 4
ALIVE, ASK_CALL, CALL_TOLD, HELLO, GOODBYE, CALL, REPLY = 0, 24, 25, 32, 33, 34, 35
VALUE, ERROR, NOT_RUN = 1, 2, 3
BUSY, NO_SUCH_PROCESS = 2, 4
BODY_MAX, FRAME_MAX = 1 << 20, 1_114_112
SILENCE = 3.0  # seconds; an end says something in each quarter of it
HANDLERS, UNDER_WAY_MAX = 8, 256
DESK = 0  # the address under which a node answers for itself

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "berth.schema"), encoding="utf-8") as schema:
    OWN = Book(schema.read())


class Failed(Exception):
    """It ran, and ended with this kind of error."""


class Refused(Exception):
    """It surely did not run."""


class Unknown(Exception):
    """It may have run."""


class Address(int):
    """Where a process is."""

    def __str__(self):
        return f"n{self >> 48}:{self & (1 << 48) - 1}"


def number(field, value):
    return varint(field << 3 | VARINT) + varint(zigzag(value)) if value else b""


def fields(data):
    """{field: number or bytes}; of those that come more than once the last."""
    reader, found = Reader(data), {}
    while reader.more():
        field, wire_type = reader.field()
        if wire_type == VARINT:
            found[field] = unzigzag(reader.varint())
        elif wire_type == CHUNK:
            found[field] = reader.take(reader.varint())
        else:
            raise WireError(f"field {field} has the wire type {wire_type}")
    return found


class Connection:
    """Proves that it knows the secret; then frames. One thread receives, any may send."""

    def __init__(self, cluster, secret, address, kind):
        self._cluster = hashlib.sha256(cluster.encode()).digest()[:8]
        self._lock = threading.Lock()
        self._socket = socket.create_connection(address, timeout=SILENCE)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        try:
            self._handshake(cluster.encode(), secret.strip().encode(), kind)
        except BaseException:
            self.close()
            raise

    def _handshake(self, cluster, secret, kind):
        opening = b"BRTH" + bytes([1, 0, kind, 1, 1, len(cluster)]) + os.urandom(32) + cluster
        self._socket.sendall(opening)
        challenge = self._take(40)
        if challenge[:4] != b"BRTH" or challenge[5] != 0:
            raise ConnectionError(f"refused with {challenge[5]}: see the answers of the handshake in docs/protocol.md")

        def proof(end):
            return hmac.new(secret, b"berth " + end + b" end\n" + opening + challenge, "sha256").digest()

        self._socket.sendall(proof(b"dialling"))
        verdict = self._take(33)
        if verdict[0] != 0 or not hmac.compare_digest(verdict[1:], proof(b"listening")):
            raise ConnectionError("the secrets differ")

    def _take(self, count):
        data = bytearray()
        while len(data) < count:
            more = self._socket.recv(count - len(data))
            if not more:
                raise ConnectionError("the other end has closed the connection")
            data += more
        return bytes(data)

    def send(self, frame_type, body=b""):
        with self._lock:
            self._socket.sendall(struct.pack(">IBBH", 12 + len(body), 0xBE, 1, frame_type) + self._cluster + body)

    def receive(self):
        """The next (type, body) that is more than a sign of life; silence is a TimeoutError."""
        while True:
            length, mark, version, frame_type = struct.unpack(">IBBH", self._take(8))
            if mark != 0xBE or version != 1 or not 12 <= length <= FRAME_MAX or self._take(8) != self._cluster:
                raise ConnectionError("what the other end says is no frame of this cluster")
            body = self._take(length - 12)
            if frame_type != ALIVE:
                return frame_type, body

    def close(self):
        try:
            self._socket.shutdown(socket.SHUT_RDWR)  # wakes whoever receives
        except OSError:
            pass
        self._socket.close()


class Node:
    """Joins at once; ConnectionError says why it cannot. Any thread."""

    def __init__(self, cluster, secret, address, book=None):
        self._book = book
        self._services = {}  # address -> handler
        self._waiting = {}  # session -> queue of one result
        self._session = 0
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._cause = ""
        self._handlers = ThreadPoolExecutor(HANDLERS)
        self._places = threading.Semaphore(UNDER_WAY_MAX)
        life = self._life(cluster, secret, address)
        self._connection = Connection(cluster, secret, address, PEER)
        self._greet(life)
        for loop in (self._hear, self._say_alive):
            threading.Thread(target=loop, daemon=True).start()

    @staticmethod
    def _life(cluster, secret, address):
        """Which life of which node it is: HELLO is for one life only."""
        tool = Connection(cluster, secret, address, TOOL)
        try:
            tool.send(ASK_CALL, chunk(1, number(1, 1)) + number(2, 0))
            frame_type, body = tool.receive()
            if frame_type != CALL_TOLD:
                raise ConnectionError(f"answers with a frame of type {frame_type}")
            return fields(body)[2]
        finally:
            tool.close()

    def _greet(self, life):
        # From nobody, to that life, with no view, connection 1, versions 1 to 1, hidden.
        hello = chunk(1, b"") + chunk(2, life) + number(4, 1) + number(5, 1) + number(6, 1)
        self._connection.send(HELLO, hello + varint(7 << 3 | VARINT) + varint(1))
        frame_type, body = self._connection.receive()
        if frame_type != HELLO:
            raise ConnectionError(fields(body).get(2, b"not a HELLO").decode())

    # ---- What comes

    def _hear(self):
        try:
            while True:
                frame_type, body = self._connection.receive()
                if frame_type == REPLY:
                    reply = fields(body)
                    waiting = self._waiting.pop(reply[1], None)
                    if waiting is not None:
                        waiting.put(reply[3])
                elif frame_type == CALL:
                    self._called(fields(body))
                elif frame_type == GOODBYE:
                    raise ConnectionError(fields(body).get(2, b"").decode())
        except (OSError, WireError, KeyError) as error:
            self._end(f"{type(error).__name__}: {error}")

    def _called(self, call):
        session, address = -call.get(1, 0), call.get(4, 0)
        handler = self._services.get(address)
        if handler is None:
            self._reply(session, chunk(NOT_RUN, varint(1 << 3 | VARINT) + varint(NO_SUCH_PROCESS)))
        elif not self._places.acquire(blocking=False):
            self._reply(session, chunk(NOT_RUN, varint(1 << 3 | VARINT) + varint(BUSY)))
        else:
            self._handlers.submit(self._handle, handler, session, call.get(9, b""))

    def _handle(self, handler, session, body):
        try:
            try:
                result = chunk(VALUE, chunk(1, self._write(handler(self._read(body)))))
            except Exception as error:  # whoever has asked is told
                kind, message = type(error).__name__.encode()[:120], str(error).encode()[:2000]
                result = chunk(ERROR, chunk(1, kind) + chunk(2, message.decode(errors="ignore").encode()))
            self._reply(session, result)
        except OSError as error:
            self._end(str(error))
        finally:
            self._places.release()

    def _reply(self, session, result):
        if session:
            self._connection.send(REPLY, number(1, session) + chunk(3, result))

    def _say_alive(self):
        while not self._over.wait(SILENCE / 4):
            try:
                self._connection.send(ALIVE)
            except OSError as error:
                self._end(str(error))

    def _end(self, cause):
        self._cause = self._cause or cause
        self._over.set()
        self._connection.close()
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        for each in waiting.values():
            each.put(None)

    # ---- What is said

    def call(self, address, message, within=10.0):
        """The answer of a process."""
        answer = queue.SimpleQueue()
        body = self._write(message)
        with self._lock:
            if self._over.is_set():
                raise Refused(self._cause)
            if len(self._waiting) >= UNDER_WAY_MAX:
                raise Refused(f"{UNDER_WAY_MAX} calls are under way")
            self._session = session = self._session % 0x7FFFFFFF + 1
            self._waiting[session] = answer
        self._call(-session, address, within, body)
        try:
            result = answer.get(timeout=within)
        except queue.Empty:
            self._waiting.pop(session, None)
            raise Unknown(f"no answer within {within} s") from None
        if result is None:
            raise Unknown(self._cause)
        return self._outcome(result)

    def send(self, address, message):
        """Leaves a message; nobody says what became of it."""
        self._call(0, address, 30.0, self._write(message))

    def _call(self, session, address, within, body):
        if len(body) > BODY_MAX:
            raise WireError(f"a message of {len(body)} bytes, at most {BODY_MAX}")
        try:
            self._connection.send(
                CALL, number(1, session) + number(4, address) + number(5, int(within * 1e9)) + chunk(9, body)
            )
        except OSError as error:
            self._end(str(error))

    def _outcome(self, result):
        case, content = next(iter(fields(result).items()))
        # A reason is a plain number, without zigzag; all else here is bytes.
        if case == NOT_RUN:
            reader = Reader(content)
            reader.field()
            raise Refused(f"reason {reader.varint()} of docs/protocol.md")
        found = fields(content)
        if case == ERROR:
            raise Failed(f"{found.get(1, b'').decode()}: {found.get(2, b'').decode()}")
        return self._read(found.get(1, b""))

    def find(self, name):
        """The address of the process that has this global name; None if nobody has it."""
        return self.call(DESK, ("berth/Find", {"name": name}))

    def serve(self, name, handler):
        """Answers what processes of the cluster say to this name; returns the address behind it, which is of the other node."""
        address = self.call(DESK, ("berth/Serve", {}))
        self._services[address] = handler
        self.call(DESK, ("berth/Register", {"name": name, "way": address}), within=35.0)
        return address

    def wait(self):
        """Until the connection has ended; why."""
        self._over.wait()
        return self._cause

    def close(self):
        self._end("closed")

    # ---- Values

    def _write(self, value):
        plain = {
            str: "berth/Text",
            bool: "berth/Flag",
            int: "berth/Large",
            float: "berth/Real",
            Address: "berth/Way",
        }.get(type(value))
        if value is None:
            return OWN.write("berth/Nothing", {})
        if plain:
            return OWN.write(plain, {"value": value})
        if isinstance(value, bytes):
            return OWN.write("berth/Opaque", {"value": value.hex()})
        name, content = value
        book = OWN if name.startswith("berth/") else self._book
        if book is None:
            raise WireError(f"{name} needs a book")
        return book.write(name, content)

    def _read(self, data):
        own = data[2:8] == b"berth/"
        if not own and self._book is None:
            raise WireError("this node has no book of messages")
        name, value = (OWN if own else self._book).read(data)
        if name == "berth/Nothing":
            return None
        if name == "berth/Opaque":
            return bytes.fromhex(value["value"])
        if name == "berth/Way":
            return None if value["value"] is None else Address(value["value"])
        return value["value"] if own and "value" in value else (name, value)
