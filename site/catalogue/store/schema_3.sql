-- Versions of a data publication, and the DOI that stands for all of them. A publication without a row is the only one.

CREATE TABLE publication_version (
  publication INTEGER PRIMARY KEY REFERENCES data_publication(id) ON DELETE CASCADE,
  number INTEGER NOT NULL,                -- 1 is the first
  previous INTEGER UNIQUE REFERENCES data_publication(id),
  concept TEXT NOT NULL COLLATE NOCASE    -- the DOI of all versions
);
CREATE INDEX version_of_concept ON publication_version (concept);
