"""Where what is in output/ and beside the settings: the names that whoever writes and whoever reads agree on."""

LEDGER = "ledger.sqlite"
TODO = "todo"
"""The curator's list, beside the ledger."""
INDEX = "search"
"""The folder of the indexes, one for each scope."""
STORE = "oai.sqlite"
RECORDS = "oai-records"
"""The folder of the records that the store tells of; each file is named by its bytes."""
PANOSC = "panosc.sqlite"
REQUIRED = (f"{INDEX}/publications/FORMAT", f"{INDEX}/datasets/FORMAT", STORE, PANOSC, "www/index.html")
"""What output/ must hold beside the pages of records: a run makes it anew where it is missing, and `check` says so."""
