"""The PaNOSC search API, served."""
