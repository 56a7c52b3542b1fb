"""Foreign programs that judge what is published."""
