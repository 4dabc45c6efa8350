"""Text in, department and urgency out, how sure and why. Knows no chat, no database, no clock, no city."""
