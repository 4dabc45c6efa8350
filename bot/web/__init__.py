"""What both web doors share: headers, origin, uploads, static files, the choice of a language."""
