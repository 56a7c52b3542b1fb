-- Sessions end for good; sessions and publications keep who paid for them, other works, and a session's keywords.

DROP TABLE session;                       -- who was signed in signs in once more
CREATE TABLE session (
  digest BLOB PRIMARY KEY,                -- SHA-256 of the session id; the id itself is kept nowhere
  user INTEGER REFERENCES user(id) ON DELETE CASCADE, -- NULL: an anonymous session
  csrf TEXT NOT NULL,
  expires TEXT NOT NULL,
  ends TEXT NOT NULL                      -- no prolonging goes beyond it
) WITHOUT ROWID;
CREATE INDEX session_by_end ON session (expires);

ALTER TABLE investigation ADD COLUMN keywords TEXT NOT NULL DEFAULT '[]';

-- Each belongs to exactly one of a session and a publication; they stand in the order of their rows.
CREATE TABLE funding (
  id INTEGER PRIMARY KEY,
  investigation INTEGER REFERENCES investigation(id) ON DELETE CASCADE,
  publication INTEGER REFERENCES data_publication(id) ON DELETE CASCADE,
  funder TEXT NOT NULL, funder_pid TEXT, award_number TEXT, award_title TEXT, acknowledgement TEXT,
  CHECK ((investigation IS NOT NULL) + (publication IS NOT NULL) = 1)
);
CREATE INDEX funding_of_investigation ON funding (investigation) WHERE investigation IS NOT NULL;
CREATE INDEX funding_of_publication ON funding (publication) WHERE publication IS NOT NULL;

CREATE TABLE related_work (
  id INTEGER PRIMARY KEY,
  investigation INTEGER REFERENCES investigation(id) ON DELETE CASCADE,
  publication INTEGER REFERENCES data_publication(id) ON DELETE CASCADE,
  relation TEXT NOT NULL,                 -- DataCite's word, read from the session or publication to the work
  pid TEXT, url TEXT, title TEXT, citation TEXT, kind TEXT,
  CHECK ((investigation IS NOT NULL) + (publication IS NOT NULL) = 1),
  CHECK (coalesce(pid, url, title, citation) IS NOT NULL)
);
CREATE INDEX work_of_investigation ON related_work (investigation) WHERE investigation IS NOT NULL;
CREATE INDEX work_of_publication ON related_work (publication) WHERE publication IS NOT NULL;
