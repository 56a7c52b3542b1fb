"""The made-up facility of the demo."""
