"""Pages on where services stand and whom they reach."""
