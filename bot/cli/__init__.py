"""The admins' door: one command a job. Heavy libraries are imported inside the commands, so --help answers at once."""
