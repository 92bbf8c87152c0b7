"""Runs student code in a process of its own and brings values back; verdicts are made elsewhere."""
