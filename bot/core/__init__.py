"""The pure rules of the house: no database, no network, no clock of their own."""
