"""Messages written by people who saw neither starter messages nor rules; nothing is ever trained or tuned on them."""
