"""Organisations at the counter."""
