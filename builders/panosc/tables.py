"""The tables of the PaNOSC store, and why they are as they are.

Why: a filter on related things becomes `id IN (SELECT … )`, which SQLite answers from one index once, however many
documents there are. What recurs (a parameter's name with its unit, a technique, a sample, an instrument) stands once
in a small table, so that words are compared with hundreds of rows and not with millions; `parameter_by_meaning` then
holds all that a range needs. `value` has no affinity: a number stays a number, a text a text.
"""

SCHEMA_VERSION = 2
"""The store's `user_version`: a reader refuses any other."""

PAGE_BYTES = 8192

TABLES = """
CREATE TABLE document (
    id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE,  -- the DOI's key
    pid TEXT NOT NULL, type TEXT NOT NULL, title TEXT NOT NULL, summary TEXT,
    startDate TEXT, endDate TEXT, releaseDate TEXT, license TEXT, keywords TEXT NOT NULL  -- a JSON list
);
CREATE TABLE instrument (
    id INTEGER PRIMARY KEY, pid TEXT NOT NULL, name TEXT NOT NULL, facility TEXT NOT NULL, UNIQUE (pid, name, facility)
);
CREATE TABLE dataset (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL REFERENCES document, place INTEGER NOT NULL,
    key TEXT NOT NULL,  -- as the pid is looked up
    found_as TEXT NOT NULL,  -- its key in the search index
    pid TEXT NOT NULL, title TEXT NOT NULL, creationDate TEXT NOT NULL, size INTEGER,
    instrument INTEGER REFERENCES instrument,
    shown INTEGER NOT NULL  -- 0: another document tells of the same dataset, and comes first
);
CREATE UNIQUE INDEX dataset_of_document ON dataset (document, place);
CREATE INDEX dataset_by_key ON dataset (key, shown);
CREATE INDEX dataset_of_instrument ON dataset (instrument);
CREATE TABLE technique (
    id INTEGER PRIMARY KEY, pid TEXT NOT NULL, name TEXT NOT NULL, panetId TEXT, UNIQUE (pid, name, panetId)
);
CREATE TABLE sample (
    id INTEGER PRIMARY KEY, pid TEXT NOT NULL, name TEXT NOT NULL, description TEXT, UNIQUE (pid, name, description)
);
CREATE TABLE dataset_technique (
    dataset INTEGER NOT NULL, place INTEGER NOT NULL, technique INTEGER NOT NULL, PRIMARY KEY (dataset, place)
) WITHOUT ROWID;
CREATE INDEX dataset_by_technique ON dataset_technique (technique, dataset);
CREATE TABLE dataset_sample (
    dataset INTEGER NOT NULL, place INTEGER NOT NULL, sample INTEGER NOT NULL, PRIMARY KEY (dataset, place)
) WITHOUT ROWID;
CREATE INDEX dataset_by_sample ON dataset_sample (sample, dataset);
CREATE TABLE file (
    dataset INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL, path TEXT NOT NULL, size INTEGER,
    PRIMARY KEY (dataset, place)
) WITHOUT ROWID;
CREATE TABLE member (
    id INTEGER PRIMARY KEY, document INTEGER NOT NULL, place INTEGER NOT NULL, role TEXT NOT NULL,
    person TEXT NOT NULL, fullName TEXT NOT NULL, orcid TEXT, firstName TEXT, lastName TEXT
);
CREATE UNIQUE INDEX member_of_document ON member (document, place);
CREATE INDEX member_by_person ON member (person);
CREATE TABLE affiliation (
    member INTEGER NOT NULL, place INTEGER NOT NULL, name TEXT NOT NULL, ror TEXT, PRIMARY KEY (member, place)
) WITHOUT ROWID;
CREATE INDEX affiliation_by_name ON affiliation (name);
CREATE TABLE document_instrument (  -- all that a document names, also those that none of its datasets was taken at
    document INTEGER NOT NULL, instrument INTEGER NOT NULL, PRIMARY KEY (document, instrument)
) WITHOUT ROWID;
CREATE INDEX document_by_instrument ON document_instrument (instrument);
CREATE TABLE meaning (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL, unit TEXT, kind TEXT, quantity TEXT,
    UNIQUE (name, unit, kind, quantity)
);
CREATE TABLE document_parameter (
    owner INTEGER NOT NULL, place INTEGER NOT NULL, meaning INTEGER NOT NULL, value NOT NULL, si REAL,
    PRIMARY KEY (owner, place)
) WITHOUT ROWID;
CREATE INDEX document_by_meaning ON document_parameter (meaning, si, value);
CREATE TABLE dataset_parameter (
    owner INTEGER NOT NULL, place INTEGER NOT NULL, meaning INTEGER NOT NULL, value NOT NULL, si REAL,
    PRIMARY KEY (owner, place)
) WITHOUT ROWID;
CREATE INDEX dataset_by_meaning ON dataset_parameter (meaning, si, value);
"""
