"""Work over a whole library, measured.

    .venv/bin/python bench/bulk.py whatif [--assets N] [--keep FILE]

whatif: what other rules would change on a million stored assets of fifty labels, from an export and with every
processor, as ``autotag rules diff OLD NEW EXPORT`` does it; and what reading them from DynamoDB would cost.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]


def main() -> None:
    """Run the measurement that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    measurements = parser.add_subparsers(dest="measurement", required=True)
    whatif = measurements.add_parser("whatif", help="other rules on a million stored assets")
    whatif.add_argument("--assets", type=int, default=1_000_000, help="how many (1,000,000)")
    whatif.add_argument("--keep", type=Path, help="keep the export there, and use it if it is there already")
    asked = parser.parse_args()
    if asked.assets < 1:
        parser.error("--assets: expected at least 1")
    from bench.whatif import report

    report(asked.assets, asked.keep)


if __name__ == "__main__":
    main()
