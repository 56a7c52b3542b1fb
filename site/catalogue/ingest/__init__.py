"""Files of several forms into the live core."""
