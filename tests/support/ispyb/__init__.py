"""A second database of sessions: additions made by hand, and an ISPyB on a MariaDB of the tests' own."""
