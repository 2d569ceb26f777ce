"""Comparing the rules: problems, a protocol that gives every rule the same chances, and the stored results."""
