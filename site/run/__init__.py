"""The run: harvest, judge, render what changed, commit."""
