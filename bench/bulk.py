"""Measurements of work over a whole library.

    .venv/bin/python bench/bulk.py whatif [--assets N] [--keep FILE]
    .venv/bin/python bench/bulk.py cost
    .venv/bin/python bench/bulk.py batch [--images N]
    .venv/bin/python bench/bulk.py plan [--assets N]
    .venv/bin/python bench/bulk.py retag [--assets N] [--uploads N]

whatif: the time to find what other rules change on a million stored assets of fifty labels, from an export and with
all processors, as ``autotag rules diff OLD NEW EXPORT`` does; and the cost of reading the assets from DynamoDB.
cost: the requests of a live image to AWS, counted in process on the template's tables and queues, and their cost.
batch: the images a second of one worker, the assets of a batch one after another and side by side.
plan: a page of a retag, by how its changes are mixed: messages, processor time, and writes about the run.
retag: a retag on a local stack: its calls to Cloudinary, and how long live uploads wait for tags meanwhile.
"""

import argparse
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]


def main() -> None:
    """Run the requested measurement."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    measurements = parser.add_subparsers(dest="measurement", required=True)
    whatif = measurements.add_parser("whatif", help="other rules on a million stored assets")
    whatif.add_argument("--assets", type=int, default=1_000_000, help="number of assets (1,000,000)")
    whatif.add_argument("--keep", type=Path, help="file to keep the export in; it is reused if it exists")
    measurements.add_parser("cost", help="requests and write units of a live image, and dollars")
    batch = measurements.add_parser("batch", help="images a second of one worker")
    batch.add_argument("--images", type=int, default=200, help="number of images (200)")
    plan = measurements.add_parser("plan", help="a page of a retag")
    plan.add_argument("--assets", type=int, default=2000, help="number of assets in the page (2,000)")
    retag = measurements.add_parser("retag", help="a retag beside live uploads, on a local stack")
    retag.add_argument("--assets", type=int, default=10_000, help="number of assets in the library (10,000)")
    retag.add_argument("--uploads", type=int, default=20, help="live uploads before the retag begins (20)")
    options = parser.parse_args()
    if options.measurement == "cost":
        from bench.library.cost import report as report_cost

        report_cost()
        return
    if options.measurement == "batch":
        from bench.library.worker_batch import report as report_batch

        if options.images < 1:
            parser.error("--images: expected at least 1")
        report_batch(options.images)
        return
    if options.assets < 1:
        parser.error("--assets: expected at least 1")
    if options.measurement == "plan":
        from bench.library.planning import report as report_planning

        report_planning(options.assets)
        return
    if options.measurement == "retag":
        from bench.library.retag import run as run_retag

        if options.uploads < 1:
            parser.error("--uploads: expected at least 1")
        run_retag(options.assets, options.uploads)
        return
    from bench.library.rules_diff import report as report_rules_diff

    report_rules_diff(options.assets, options.keep)


if __name__ == "__main__":
    main()
