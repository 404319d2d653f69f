"""Plans and awards in words and tables, for people."""
