"""The files of www/ over HTTP."""
