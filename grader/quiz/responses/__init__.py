"""Reads responses back: from LMSs, forms, scanned sheets, and our own."""
