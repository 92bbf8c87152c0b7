"""Grades on their way out: to a spreadsheet, to a program, to a learning-management system."""
