"""Work over a whole library, measured.

    .venv/bin/python bench/bulk.py whatif [--assets N] [--keep FILE]
    .venv/bin/python bench/bulk.py cost
    .venv/bin/python bench/bulk.py retag [--assets N] [--uploads N]

whatif: what other rules would change on a million stored assets of fifty labels, from an export and with every
processor, as ``autotag rules diff OLD NEW EXPORT`` does it; and what reading them from DynamoDB would cost.
cost: what a live image asks AWS for, counted in process on the template's tables and queues, and what that costs.
retag: a retag on a local stack: its calls to Cloudinary, and how long live uploads wait for tags meanwhile.
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
    measurements.add_parser("cost", help="requests and write units of a live image, and dollars")
    retag = measurements.add_parser("retag", help="a retag beside live uploads, on a local stack")
    retag.add_argument("--assets", type=int, default=10_000, help="how many the library has (10,000)")
    retag.add_argument("--uploads", type=int, default=20, help="live uploads while nothing else happens (20)")
    asked = parser.parse_args()
    if asked.measurement == "cost":
        from bench.cost import report

        report()
        return
    if asked.assets < 1:
        parser.error("--assets: expected at least 1")
    if asked.measurement == "retag":
        from bench.bulk_retag import run

        if asked.uploads < 1:
            parser.error("--uploads: expected at least 1")
        run(asked.assets, asked.uploads)
        return
    from bench.whatif import report as compare

    compare(asked.assets, asked.keep)


if __name__ == "__main__":
    main()
