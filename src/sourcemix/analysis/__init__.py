"""Questions asked of plans by planning again: what to compare with, what freedom is worth."""
