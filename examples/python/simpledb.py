#!/usr/bin/env python3
"""Speaks to SIMPLEDB as a hidden node of its cluster (docs/simpledb.md), with the standard library only.

    simpledb.py CLUSTER SECRET-FILE HOST:PORT get KEY
    simpledb.py CLUSTER SECRET-FILE HOST:PORT set KEY VALUE      prints what was there before
    simpledb.py CLUSTER SECRET-FILE HOST:PORT serve NAME         answers as the database does, in capitals; until Ctrl-C

HOST:PORT is where any node of the cluster is reached by others; `berth status` shows it.
"""

import os
import sys

from berth_node import Failed, Node, Refused, Unknown
from berth_records import Book

with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "simpledb.schema"), encoding="utf-8") as schema:
    BOOK = Book(schema.read())


class Database:
    """The database, wherever it is."""

    def __init__(self, node):
        self._node = node

    def _ask(self, record, content):
        database = self._node.find("database")
        if database is None:
            raise Refused("nobody has the name database")
        return self._node.call(database, (record, content))[1]["text"]

    def get(self, key):
        return self._ask("simpledb/Get", {"key": key})

    def set(self, key, value):
        return self._ask("simpledb/Set", {"key": key, "value": value})


def capitals(database):
    """What is asked as the database is: a GET answers what it has, in capitals; a SET writes in capitals."""

    def handler(message):
        record, content = message
        if record == "simpledb/Get":
            text = database.get(content["key"])
        elif record == "simpledb/Set" and content["value"]:
            text = database.set(content["key"], content["value"].upper())
        else:
            raise ValueError("say simpledb/Get, or simpledb/Set with a value")
        return "simpledb/Answer", {"text": text and text.upper()}

    return handler


def main(arguments):
    try:
        cluster, secret_file, address, command, *rest = arguments
        host, port = address.rsplit(":", 1)
        with open(secret_file, encoding="utf-8") as file:
            node = Node(cluster, file.read(), (host, int(port)), BOOK)
        database = Database(node)
        if command in ("get", "set") and len(rest) == (1 if command == "get" else 2):
            text = getattr(database, command)(*rest)
            print("nothing" if text is None else text)
        elif command == "serve" and len(rest) == 1:
            print(f"{rest[0]} is {node.serve(rest[0], capitals(database))}", flush=True)
            sys.exit(f"over: {node.wait()}")
        else:
            raise ValueError(command)
    except (OSError, Failed, Refused, Unknown) as error:
        sys.exit(f"{type(error).__name__}: {error}")
    except ValueError:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(sys.argv[1:])
