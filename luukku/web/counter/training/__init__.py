"""Runs of trainings and applications at the counter."""
