"""Manuscript text -> references and callouts."""
