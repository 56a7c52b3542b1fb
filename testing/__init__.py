"""What tests of plug-ins and exporters need: made-up records, one whole site in a folder. Nothing imports it."""
