"""`make bench`: all figures, or those of the modules named: `python -m bench ingest api`."""

from __future__ import annotations

import importlib
import sys

MODULES = ("ingest", "push", "api", "trend", "pages")


def main() -> None:
    """Run each module's `main` in turn; one that fails says so and fails the whole run at the end."""
    failed = []
    for name in sys.argv[1:] or MODULES:
        try:
            importlib.import_module(f"bench.{name}").main()
        except Exception as exc:
            print(f"bench {name}: {type(exc).__name__}: {exc}", file=sys.stderr, flush=True)
            failed.append(name)
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
