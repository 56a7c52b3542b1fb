"""What `test_house` holds the house to."""
