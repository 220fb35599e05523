"""Reports: what happened, counted; every figure opens the records behind it."""
