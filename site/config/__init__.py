"""What an operator writes: settings, theme, texts."""
