"""The grading engine of dlab. It knows no lab: everything about a lab is data in the course."""

__version__ = "0.1.0"
