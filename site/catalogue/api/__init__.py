"""The ICAT+ dialect over HTTP."""
