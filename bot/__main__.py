"""`nachtschalter`: the admins' door."""

from bot.cli.command import app


def main() -> None:
    """Runs the command named on the command line."""
    app()


if __name__ == "__main__":
    main()
