#!/usr/bin/env python3
"""Counts the subtests in meson's testlog.json and ends with 'N passed, N failed, N skipped'."""
import json
import re
import sys

passed = failed = skipped = 0
for line in open(sys.argv[1], encoding="utf-8"):
    test = json.loads(line)
    subtests = re.findall(r"^(not ok|ok) \d+(?:[^#\n]*)(# SKIP)?", test.get("stdout") or "", re.MULTILINE | re.IGNORECASE)
    bad = sum(1 for status, skip in subtests if status == "not ok")
    for status, skip in subtests:
        if status == "ok":
            if skip:
                skipped += 1
            else:
                passed += 1
    failed += bad
    # a test that crashed, or a plain program without subtests
    if test["result"] in ("FAIL", "ERROR", "TIMEOUT", "INTERRUPT", "UNEXPECTEDPASS") and bad == 0:
        failed += 1
    elif not subtests:
        if test["result"] == "SKIP":
            skipped += 1
        else:
            passed += 1
print(f"{passed} passed, {failed} failed, {skipped} skipped")
sys.exit(1 if failed or not passed else 0)
