-- The ledger: what stands, since when, and what has gone. The form of a new one; see migrations.py.
CREATE TABLE record (
    key TEXT PRIMARY KEY,          -- the DOI's key
    source TEXT NOT NULL,
    source_id TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('open', 'notice', 'tombstone')),
    content BLOB NOT NULL,         -- canonical JSON of what may be shown: a publication, a notice or a tombstone
    hash TEXT NOT NULL,            -- sha256 of state and content
    input TEXT NOT NULL,           -- sha256 of what the source said
    gate TEXT NOT NULL,            -- digest of the gate's policy and the vocabularies that it was judged with
    judged_on TEXT NOT NULL,       -- the day of the verdict
    judged_until TEXT NOT NULL,    -- the first day on which the same input may be judged otherwise
    datestamp TEXT NOT NULL,       -- OAI-PMH: when the public metadata last changed, UTC seconds
    changed TEXT NOT NULL,         -- the same as a day, for sitemap and feeds
    listed INTEGER NOT NULL,       -- whether it was ever open, so that OAI-PMH has to speak of it for ever
    payload TEXT NOT NULL,         -- digest of its OAI-PMH payloads
    words TEXT NOT NULL,           -- digest of what the search index has of it
    rendered TEXT NOT NULL,        -- fingerprint of the code and templates that its files were made with
    card BLOB NOT NULL             -- its line in listings; empty when not open
);
CREATE INDEX record_state ON record (state, source);
-- All that a run asks of every record: `content` is read of those only that changed.
CREATE INDEX record_night ON record (state, key, source, source_id, hash, input, gate, judged_on, judged_until, datestamp, changed, words, rendered);
-- Cards by themselves: a whole listing is read, and no content.
CREATE INDEX record_card ON record (state, key, card);
CREATE TABLE place (              -- which shelves an open record stands on
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    day TEXT NOT NULL,
    key TEXT NOT NULL,
    PRIMARY KEY (kind, slug, day DESC, key)
) WITHOUT ROWID;
CREATE INDEX place_key ON place (key);
CREATE TABLE shelf (kind TEXT NOT NULL, slug TEXT NOT NULL, key TEXT NOT NULL, label TEXT NOT NULL, iri TEXT NOT NULL, note TEXT NOT NULL,
    PRIMARY KEY (kind, slug, key)) WITHOUT ROWID;
CREATE INDEX shelf_key ON shelf (key);
CREATE TABLE answer (             -- what listings were told of a shelf, until a record on it changes; see answers.py
    kind TEXT NOT NULL,
    slug TEXT NOT NULL,
    question TEXT NOT NULL,
    answer BLOB NOT NULL,
    PRIMARY KEY (kind, slug, question)
) WITHOUT ROWID;
CREATE TABLE file (               -- every file below output/, as it stands after the last run
    path TEXT PRIMARY KEY,
    sha256 TEXT NOT NULL,
    size INTEGER NOT NULL,
    owner TEXT NOT NULL,           -- the record it belongs to, or the name of the part of the site
    key TEXT NOT NULL              -- digest of what a sheet was made from; empty for a record's files
) WITHOUT ROWID;
CREATE INDEX file_owner ON file (owner);
CREATE TABLE redo (               -- moves and deletions that a run has decided on and not yet done
    sequence INTEGER PRIMARY KEY,
    staged TEXT,                   -- below output/.staging; null: delete the target
    target TEXT NOT NULL           -- below output/
);
CREATE INDEX redo_target ON redo (target);
CREATE TABLE note (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE version (            -- the relations of versions that open records name, for the pages of all of them
    key TEXT NOT NULL,
    relation TEXT NOT NULL,        -- DataCite's word
    other TEXT NOT NULL,           -- the other DOI's key
    doi TEXT NOT NULL,             -- the other DOI as it is spelt there
    PRIMARY KEY (key, relation, other)
) WITHOUT ROWID;
CREATE TABLE closed_verdict (     -- what a run has to know of records that are closed, to pass them by
    key TEXT PRIMARY KEY,
    source TEXT NOT NULL,
    source_id TEXT NOT NULL,
    input TEXT NOT NULL,           -- as in `record`
    gate TEXT NOT NULL,
    judged_on TEXT NOT NULL,
    judged_until TEXT NOT NULL,
    noticed INTEGER NOT NULL,      -- whether it has a notice, and so a record
    reason TEXT NOT NULL,          -- why it is closed; no word of it
    by_id BLOB NOT NULL,           -- keyed digest of its key in its source
    by_title BLOB NOT NULL         -- and of its title
) WITHOUT ROWID;
CREATE TABLE likeness (            -- what an open record shares with others, as numbers; see site/run/similar
    number INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    tie INTEGER NOT NULL,          -- the digest of its key
    terms BLOB NOT NULL,           -- int64, ascending: digests of techniques, people, samples, words
    count INTEGER NOT NULL,        -- how many
    floor INTEGER NOT NULL DEFAULT 0, -- how alike the last of its nearest is
    floor_tie INTEGER NOT NULL DEFAULT 0,
    shown TEXT NOT NULL DEFAULT '' -- digest of what its page says of them
);
CREATE TABLE likeness_term (term INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (term, number)) WITHOUT ROWID;
CREATE TABLE neighbour (number INTEGER NOT NULL, rank INTEGER NOT NULL, other INTEGER NOT NULL, PRIMARY KEY (number, rank))
    WITHOUT ROWID;
CREATE INDEX neighbour_other ON neighbour (other);
PRAGMA user_version = 6;
