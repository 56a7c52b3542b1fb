"""What tests share: made-up records, whole sites, servers, foreign judges."""
