"""Adds up JUnit XML reports and closes with `N passed, N failed`.

Arguments: the number of suites that failed as commands, then the folders below whose target/ the reports lie. There are at
least as many failures as such suites: one that did not compile, or whose tool was missing, has no failed test. Exit code 1 if anything failed or nothing ran. Skipped
tests count as failed: there are none here by rule.
"""

import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path


def suites(folders: list[str]):
    for folder in folders:
        for report in sorted(Path(folder).rglob("*.xml")):
            if "target" in report.parts:
                root = ElementTree.parse(report).getroot()
                yield from [root] if root.tag == "testsuite" else root.iter("testsuite")


def count(suite: ElementTree.Element, *names: str) -> int:
    return sum(int(suite.get(name, 0)) for name in names)


def main(failed_suites: int, folders: list[str]) -> int:
    total = failed = 0
    for suite in suites(folders):
        bad = count(suite, "failures", "errors", "skipped")
        total += count(suite, "tests")
        failed += bad
        if bad:
            print(f"{suite.get('name')}: {bad} of {suite.get('tests')} failed, in error or skipped")
    passed = total - failed
    failed = max(failed, failed_suites)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not total else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
