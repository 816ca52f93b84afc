"""What can be read of a store, page by page, with SQLite as Python brings it: the oracle of bit-flips.

A flipped bit can only change what the owner of its page holds. So a damaged file is judged by reading
that one table or index again, which takes a fraction of a millisecond.
"""

import collections
import sqlite3

# In the file's header: which version of the format reads and writes it. 2 means a write-ahead log,
# which a database in memory cannot have.
VERSIONS = slice(18, 20)
INTERIOR = (2, 5)


class Anatomy:
    """A store that is whole: its pages, whose they are, and what is in them."""

    def __init__(self, data):
        self.data = data
        self.page_size = int.from_bytes(data[16:18], "big")
        with _opened(data) as database:
            self.objects = _objects(database)
            pages = database.execute("SELECT pageno, name FROM dbstat").fetchall()
            self.owners = {page: name.decode() for page, name in pages}
            self.contents = {
                name: _read(database, query, seek) for name, (query, seek) in self.objects.items()}
            self.header = _header(database)

    def page(self, offset):
        return offset // self.page_size + 1

    def owner(self, offset):
        """The table or index whose page this is; None of a free one."""
        return self.owners.get(self.page(offset))

    def is_interior(self, data, page):
        return page > 1 and data[(page - 1) * self.page_size] in INTERIOR

    def difference(self, data, offset=None):
        """What reads otherwise in `data`, changed at `offset`, or anywhere: a set of names of tables
        and indexes, and for events `#` and their positions. None where SQLite finds it malformed."""
        owner = "sqlite_schema" if offset is None else self.owner(offset)
        if owner is None:
            return set()
        try:
            with _opened(data) as database:
                if owner == "sqlite_schema":
                    if _header(database) != self.header:
                        return {"sqlite_schema"}
                    names = list(self.objects)
                else:
                    names = [owner]
                found = set()
                for name in names:
                    query, seek = self.objects[name]
                    # What a page leads to is the same for scans even if it is wrong for searches.
                    searched = offset is None or self.is_interior(self.data, self.page(offset))
                    found |= self._compare(name, _read(database, query, seek if searched else None))
                return found
        except (sqlite3.Error, UnicodeDecodeError, OverflowError, MemoryError):
            return None

    def _compare(self, name, content):
        rows, count = content
        before, first_count = self.contents[name]
        if rows == before and count in (None, first_count):
            return set()
        found = {name}
        if name == "event":
            counts = collections.Counter(before)
            counts.subtract(collections.Counter(rows))
            found |= {f"#{row[0]}" for row, more in counts.items() if more}
        return found


class _opened:
    """A database in memory, of the bytes of a file."""

    def __init__(self, data):
        self.data = bytearray(data)
        if self.data[VERSIONS] == b"\2\2":
            self.data[VERSIONS] = b"\1\1"

    def __enter__(self):
        self.database = sqlite3.connect(":memory:")
        self.database.text_factory = bytes
        self.database.deserialize(bytes(self.data))
        return self.database

    def __exit__(self, *error):
        self.database.close()


def _header(database):
    """What holds for the whole file: the schema, and what the program asks the header for. Of a
    view's table the text does not count, but only what it does: comments stand in it."""
    own = set()
    for tables, in database.execute("SELECT coalesce(CAST(tables AS BLOB), x'') FROM projection"):
        own |= set(tables.split(b"\n"))
    schema = database.execute("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema")
    # SQLite takes capitals in names for small letters.
    objects = [
        (row[0], row[1].lower(), row[2].lower(), row[3], None) if row[2].lower() in own else row
        for row in schema]
    return sorted(objects, key=repr) + [
        database.execute(f"PRAGMA {name}").fetchone()
        for name in ("application_id", "user_version", "encoding", "auto_vacuum")]


def _objects(database):
    """By name of each table and index, how to read it from one end to the other, and how to search it
    for everything it has."""
    objects = {}
    schema = database.execute(
        "SELECT type, name, tbl_name FROM sqlite_schema WHERE type IN ('table', 'index')")
    for type, name, table in schema.fetchall():
        name, table = name.decode(), table.decode()
        info = "table_info" if type == b"table" else "index_info"
        columns = [row[2 if type == b"index" else 1].decode()
                   for row in database.execute(f'PRAGMA {info}("{name}")')]
        listed = ", ".join(f'"{column}"' for column in columns)
        if type == b"index":
            source, keys = f'"{table}" INDEXED BY "{name}"', columns
            query = f"SELECT {listed}, rowid FROM {source} ORDER BY {listed}"
        else:
            keys = [row[1].decode() for row in sorted(
                database.execute(f'PRAGMA table_info("{name}")'), key=lambda row: row[5]) if row[5]]
            source, query = f'"{name}"', f'SELECT {listed} FROM "{name}" NOT INDEXED'
        matches = " AND ".join(f'b."{key}" = a."{key}"' for key in keys)
        aliased = source.replace(f'"{table}"', f'"{table}" AS b', 1)
        seek = f'SELECT count(*) FROM ({query}) AS a CROSS JOIN {aliased} ON {matches}'
        objects[name] = (query, seek)
    return objects


def _read(database, query, seek):
    rows = database.execute(query).fetchall()
    return rows, database.execute(seek).fetchone()[0] if seek else None
