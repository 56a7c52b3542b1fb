"""Checks that several tests of formats share."""
