"""The live core as a program: application, commands."""
