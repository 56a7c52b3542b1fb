"""The tables of the OAI-PMH store, and why they are as they are.

Why the rows are parted so: a page of a list is one walk along `record` (or `member` for a set) from a position on,
whatever its depth. `record` repeats the datestamp and key of `item`, because an index cannot span two tables.

Why the records themselves lie in files beside it (`volumes`): a run copies and hashes what it changes whole, and they
are ten times what is said of them here.
"""

SCHEMA_VERSION = 2
"""The store's `user_version`: a reader refuses any other."""

PAGE_BYTES = 32_768  # a page of a list is then two reads and not many; a single record costs the same

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
CREATE INDEX item_in_order ON item (datestamp, key);
CREATE TABLE volume (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL,
    datestamp INTEGER NOT NULL, key TEXT NOT NULL  -- the first place in the order that is its; of the first volume, all
);
CREATE TABLE record (
    format INTEGER NOT NULL REFERENCES format, datestamp INTEGER NOT NULL, key TEXT NOT NULL,
    item INTEGER NOT NULL REFERENCES item, deleted INTEGER NOT NULL,
    volume INTEGER NOT NULL,  -- 0 while a run writes: its payload lies in no volume yet
    start INTEGER NOT NULL, length INTEGER NOT NULL,  -- of the piece, in the volume's bytes
    text_start INTEGER NOT NULL, size INTEGER NOT NULL,  -- of its text, in all that the format has in the volume
    crc_before INTEGER NOT NULL, crc_after INTEGER NOT NULL,  -- of that, up to its ends; see Piece
    PRIMARY KEY (format, datestamp, key)
) WITHOUT ROWID;
CREATE TABLE member (
    oai_set INTEGER NOT NULL REFERENCES oai_set, datestamp INTEGER NOT NULL, key TEXT NOT NULL,
    item INTEGER NOT NULL REFERENCES item, PRIMARY KEY (oai_set, datestamp, key)
) WITHOUT ROWID;
CREATE INDEX member_of_item ON member (item, oai_set);
"""
