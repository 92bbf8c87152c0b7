"""The command line of dlab: arguments in, text and exit code out, no decisions."""
