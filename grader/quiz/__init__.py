"""Multiple-choice tests: from Markdown to students, to the course's LMS, and back."""
