"""What a case, a tree, an event, a plan and an award are: types only."""
