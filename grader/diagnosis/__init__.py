"""Says which mistake a wrong answer shows, or that it shows none that is known."""
