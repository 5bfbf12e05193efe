#!/usr/bin/env python3
"""Cleans the evaluation sets and fails where a figure is below its floor.

  floors.py COPYDESK EVAL_DIR

EVAL_DIR has score.py and a folder per set with manifest.jsonl and gold.jsonl. The floors are in floors.toml beside
this file. Every page must have one line of output, in the order of the manifest, and no page may end in a bug.
"""
import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

# How long one set may take, in seconds. The largest has 793 pages; a hang must not use up the whole run.
TIME_LIMIT = 600


def lines(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def clean(copydesk, manifest, out):
    """Cleans one set; gives what went wrong with the run as a whole."""
    command = [copydesk, "clean", "--manifest", manifest, "--out", out]
    code = subprocess.run(command, timeout=TIME_LIMIT, stderr=subprocess.DEVNULL, check=False).returncode
    if code not in (0, 1):
        return [f"copydesk ended with code {code}"]
    wanted = [page["id"] for page in lines(manifest)]
    pages = lines(out)
    wrong = []
    if [page["id"] for page in pages] != wanted:
        wrong.append(f"{len(pages)} lines for {len(wanted)} pages, or not in their order")
    wrong += [f"{page['id']}: {page['error']}" for page in pages if "a bug in copydesk" in page.get("error", "")]
    return wrong


def measure(scorer, gold, out):
    command = [sys.executable, scorer, gold, out, "--json"]
    return json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)


def main(copydesk, eval_dir):
    with open(Path(__file__).with_name("floors.toml"), "rb") as file:
        floors = tomllib.load(file)
    checked, wrong = 0, []
    with tempfile.TemporaryDirectory() as scratch:
        for name, floor in floors.items():
            folder, out = eval_dir / name, Path(scratch) / f"{name}.jsonl"
            wrong += [f"{name}: {what}" for what in clean(copydesk, folder / "manifest.jsonl", out)]
            if not out.exists():
                continue
            figures = measure(eval_dir / "score.py", folder / "gold.jsonl", out)
            shown = (f"{k} {v:.4f}" if isinstance(v, float) else f"{k} {v}" for k, v in figures.items() if k != "file")
            print(f"{name:12}", "  ".join(shown))
            for figure, least in floor.items():
                checked += 1
                if figures.get(figure, 0.0) < least:
                    wrong.append(f"{name}: {figure} is {figures.get(figure, 0.0):.4f}, its floor {least}")
    for what in wrong:
        print("below the floor:", what, file=sys.stderr)
    if checked == 0:
        sys.exit("no floor was checked")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(sys.argv[1], Path(sys.argv[2]))
