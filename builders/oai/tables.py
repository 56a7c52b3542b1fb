"""The tables of the OAI-PMH store, and why they are as they are.

Why the rows are parted so: a page of a list is one walk along `record_in_order` (or `member` for a set) from a position
on, whatever its depth. `record` repeats the datestamp and key of `item`, because an index cannot span two tables.
"""

SCHEMA_VERSION = 1
"""The store's `user_version`: a reader refuses any other."""

PAGE_BYTES = 32_768  # a page of a list is then seven reads and not thirty; a single record costs the same

TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE format (
    id INTEGER PRIMARY KEY, prefix TEXT NOT NULL UNIQUE, namespace TEXT NOT NULL, schema TEXT NOT NULL
);
CREATE TABLE oai_set (id INTEGER PRIMARY KEY, spec TEXT NOT NULL UNIQUE, name TEXT NOT NULL, description TEXT NOT NULL);
CREATE TABLE item (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, datestamp INTEGER NOT NULL, deleted INTEGER NOT NULL,
    header BLOB NOT NULL  -- what stands inside <header>
);
CREATE TABLE record (
    id INTEGER PRIMARY KEY, item INTEGER NOT NULL REFERENCES item, format INTEGER NOT NULL REFERENCES format,
    datestamp INTEGER NOT NULL, key TEXT NOT NULL,
    body BLOB  -- the payload; NULL: deleted
);
CREATE UNIQUE INDEX record_of_item ON record (item, format);
CREATE INDEX record_in_order ON record (format, datestamp, key, item);
CREATE TABLE member (
    oai_set INTEGER NOT NULL REFERENCES oai_set, datestamp INTEGER NOT NULL, key TEXT NOT NULL,
    item INTEGER NOT NULL REFERENCES item, PRIMARY KEY (oai_set, datestamp, key)
) WITHOUT ROWID;
CREATE INDEX member_of_item ON member (item, oai_set);
"""
