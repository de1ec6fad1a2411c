"""Making the demo city: its plants, its people and a month of history."""
