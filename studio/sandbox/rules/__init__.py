"""What each vendor sells, as its own pages say: written from them, not from the catalogue."""
