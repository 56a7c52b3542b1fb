"""Who is calling: accounts, sessions, what they may see."""
