"""A small page for a classroom without an LMS."""
