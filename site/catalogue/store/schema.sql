-- The live core's tables, after ICAT 6.2's entities: the generic part, so that techniques and parameters are rows.
-- Days are ISO dates, moments are ISO 8601 in UTC with milliseconds: both sort as text.
-- Nothing reads these tables directly: readers go through the views of access.py.

CREATE TABLE facility (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  full_name TEXT, description TEXT, url TEXT, ror TEXT,
  days_until_release INTEGER
);

CREATE TABLE instrument (
  id INTEGER PRIMARY KEY,
  facility INTEGER NOT NULL REFERENCES facility(id),
  name TEXT NOT NULL,
  full_name TEXT, description TEXT, url TEXT, pid TEXT,
  UNIQUE (facility, name)
);

CREATE TABLE technique (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  pid TEXT, description TEXT
);
-- Two techniques may share a name in two vocabularies, so the pid is part of what makes one.
CREATE UNIQUE INDEX technique_is ON technique (name, coalesce(pid, ''));

CREATE TABLE user (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,              -- the account
  full_name TEXT, given_name TEXT, family_name TEXT, email TEXT, orcid TEXT, affiliation TEXT, affiliation_ror TEXT,
  administrator INTEGER NOT NULL DEFAULT 0,
  lister INTEGER NOT NULL DEFAULT 0,      -- may list every registered DOI with its dates, and nothing else
  minter INTEGER NOT NULL DEFAULT 0,
  disabled INTEGER NOT NULL DEFAULT 0,
  password TEXT,                          -- argon2id; NULL: no sign-in by password
  subject TEXT UNIQUE                     -- the OpenID Connect issuer's name of this person
);

CREATE TABLE instrument_scientist (
  instrument INTEGER NOT NULL REFERENCES instrument(id) ON DELETE CASCADE,
  user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
  PRIMARY KEY (user, instrument)
) WITHOUT ROWID;

CREATE TABLE session (
  digest BLOB PRIMARY KEY,                -- SHA-256 of the session id; the id itself is kept nowhere
  user INTEGER REFERENCES user(id) ON DELETE CASCADE, -- NULL: an anonymous session
  csrf TEXT NOT NULL,
  expires TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX session_by_end ON session (expires);

CREATE TABLE sign_in_failure (
  who TEXT NOT NULL,                      -- a digest of the account or of the client's address
  at TEXT NOT NULL
);
CREATE INDEX sign_in_failure_of ON sign_in_failure (who, at);

CREATE TABLE investigation (
  id INTEGER PRIMARY KEY,
  facility INTEGER NOT NULL REFERENCES facility(id),
  name TEXT NOT NULL,                     -- the proposal
  visit_id TEXT NOT NULL,
  title TEXT NOT NULL,
  type TEXT,
  summary TEXT,
  start TEXT, end TEXT,
  release_date TEXT,                      -- NULL: never
  doi TEXT COLLATE NOCASE UNIQUE,
  doi_state TEXT CHECK (doi_state IN ('reserved', 'minted')),
  withdrawn_on TEXT, withdrawn_reason TEXT, replaced_by TEXT,
  digest BLOB,                            -- of what was put last, so that putting it twice changes nothing
  modified TEXT NOT NULL,
  UNIQUE (facility, name, visit_id),
  CHECK ((doi IS NULL) = (doi_state IS NULL))
);
CREATE INDEX investigation_by_release ON investigation (release_date);
CREATE INDEX investigation_by_start ON investigation (start);

CREATE TABLE investigation_instrument (
  investigation INTEGER NOT NULL REFERENCES investigation(id) ON DELETE CASCADE,
  instrument INTEGER NOT NULL REFERENCES instrument(id),
  PRIMARY KEY (investigation, instrument)
) WITHOUT ROWID;
CREATE INDEX investigation_at_instrument ON investigation_instrument (instrument);

CREATE TABLE investigation_user (
  investigation INTEGER NOT NULL REFERENCES investigation(id) ON DELETE CASCADE,
  user INTEGER NOT NULL REFERENCES user(id) ON DELETE CASCADE,
  role TEXT NOT NULL,
  place INTEGER NOT NULL,
  PRIMARY KEY (investigation, user, role)
) WITHOUT ROWID;
CREATE INDEX investigation_of_user ON investigation_user (user);

CREATE TABLE sample (
  id INTEGER PRIMARY KEY,
  investigation INTEGER NOT NULL REFERENCES investigation(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  type TEXT, formula TEXT, pid TEXT, description TEXT,
  digest BLOB,
  modified TEXT NOT NULL,
  UNIQUE (investigation, name)
);

CREATE TABLE dataset (
  id INTEGER PRIMARY KEY,
  investigation INTEGER NOT NULL REFERENCES investigation(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  type TEXT NOT NULL,                     -- 'raw', 'processed' or the facility's own word
  complete INTEGER NOT NULL,
  sample INTEGER REFERENCES sample(id),
  instrument INTEGER REFERENCES instrument(id),
  description TEXT,
  location TEXT,                          -- where it lies at the facility: for its team only
  pid TEXT,
  start TEXT, end TEXT,
  file_count INTEGER, volume INTEGER,
  withdrawn_on TEXT, withdrawn_reason TEXT,
  digest BLOB,
  modified TEXT NOT NULL,
  UNIQUE (investigation, name)
);
CREATE INDEX dataset_of_sample ON dataset (sample);
CREATE INDEX dataset_by_start ON dataset (start);

CREATE TABLE dataset_technique (
  dataset INTEGER NOT NULL REFERENCES dataset(id) ON DELETE CASCADE,
  technique INTEGER NOT NULL REFERENCES technique(id),
  PRIMARY KEY (dataset, technique)
) WITHOUT ROWID;
CREATE INDEX dataset_by_technique ON dataset_technique (technique);

CREATE TABLE dataset_input (
  dataset INTEGER NOT NULL REFERENCES dataset(id) ON DELETE CASCADE,
  input INTEGER NOT NULL REFERENCES dataset(id) ON DELETE CASCADE,
  PRIMARY KEY (dataset, input)
) WITHOUT ROWID;
CREATE INDEX dataset_made_from ON dataset_input (input);

CREATE TABLE parameter_type (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  units TEXT NOT NULL,                    -- '': none
  description TEXT,
  UNIQUE (name, units)
);

-- A parameter belongs to exactly one of a session, a dataset and a sample.
CREATE TABLE parameter (
  id INTEGER PRIMARY KEY,
  investigation INTEGER REFERENCES investigation(id) ON DELETE CASCADE,
  dataset INTEGER REFERENCES dataset(id) ON DELETE CASCADE,
  sample INTEGER REFERENCES sample(id) ON DELETE CASCADE,
  type INTEGER NOT NULL REFERENCES parameter_type(id),
  value TEXT NOT NULL,                    -- as written
  number REAL,                            -- the same as a number, where it is one
  error REAL, minimum REAL, maximum REAL,
  CHECK ((investigation IS NOT NULL) + (dataset IS NOT NULL) + (sample IS NOT NULL) = 1)
);
CREATE INDEX parameter_of_investigation ON parameter (investigation) WHERE investigation IS NOT NULL;
CREATE INDEX parameter_of_dataset ON parameter (dataset) WHERE dataset IS NOT NULL;
CREATE INDEX parameter_of_sample ON parameter (sample) WHERE sample IS NOT NULL;
CREATE INDEX parameter_of_type ON parameter (type);

CREATE TABLE file (
  id INTEGER PRIMARY KEY,
  dataset INTEGER NOT NULL REFERENCES dataset(id) ON DELETE CASCADE,
  name TEXT NOT NULL,                     -- its path inside the dataset
  location TEXT,                          -- its path below the folder of files: for its team only
  size INTEGER, checksum TEXT, checksum_algorithm TEXT, media_type TEXT, description TEXT, modified TEXT,
  resource INTEGER NOT NULL DEFAULT 0,    -- 1: a picture or document of the gallery
  UNIQUE (dataset, name)
);

CREATE TABLE data_publication (
  id INTEGER PRIMARY KEY,
  doi TEXT NOT NULL COLLATE NOCASE UNIQUE,
  state TEXT NOT NULL CHECK (state IN ('reserved', 'minted')),
  title TEXT, abstract TEXT,
  publication_date TEXT,                  -- NULL: not public yet
  rights TEXT,                            -- as ICAT+ writes it: name, identifier, address
  keywords TEXT NOT NULL DEFAULT '[]',    -- JSON lists: they are shown, never searched
  related TEXT NOT NULL DEFAULT '[]',
  creator INTEGER REFERENCES user(id),
  withdrawn_on TEXT, withdrawn_reason TEXT, replaced_by TEXT,
  digest BLOB,
  modified TEXT NOT NULL,
  CHECK (state = 'reserved' OR title IS NOT NULL)
);

CREATE TABLE publication_dataset (
  publication INTEGER NOT NULL REFERENCES data_publication(id) ON DELETE CASCADE,
  dataset INTEGER NOT NULL REFERENCES dataset(id),
  PRIMARY KEY (publication, dataset)
) WITHOUT ROWID;
CREATE INDEX publication_of_dataset ON publication_dataset (dataset);

CREATE TABLE publication_user (
  publication INTEGER NOT NULL REFERENCES data_publication(id) ON DELETE CASCADE,
  place INTEGER NOT NULL,
  contributor_type TEXT NOT NULL,
  full_name TEXT NOT NULL,
  given_name TEXT, family_name TEXT, orcid TEXT, affiliation TEXT, ror TEXT,
  PRIMARY KEY (publication, place)
) WITHOUT ROWID;

CREATE TABLE logbook (
  id INTEGER PRIMARY KEY,
  investigation INTEGER NOT NULL REFERENCES investigation(id) ON DELETE CASCADE,
  dataset INTEGER REFERENCES dataset(id) ON DELETE SET NULL,
  type TEXT NOT NULL, category TEXT NOT NULL,
  title TEXT, content TEXT NOT NULL,      -- JSON: [{format, text}]
  tags TEXT NOT NULL DEFAULT '[]',
  author INTEGER REFERENCES user(id),
  software TEXT, machine TEXT, source TEXT,
  created TEXT NOT NULL,
  previous INTEGER REFERENCES logbook(id) -- the version that this one replaces
);
CREATE INDEX logbook_of ON logbook (investigation, created);

-- What changed: a follower asks for what came after the number that it saw last.
CREATE TABLE change (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  entity TEXT NOT NULL CHECK (entity IN ('investigation', 'dataset', 'data_publication', 'sample', 'logbook')),
  row INTEGER NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('created', 'changed', 'release_date', 'reserved', 'minted', 'withdrawn')),
  at TEXT NOT NULL,
  user INTEGER REFERENCES user(id)
);
