"""The roof: configuration, ledger, the run that publishes, the server, and the command line."""
