"""Writes a quiz for others: LMSs, paper, programs. Each target is a pure function of the model."""
