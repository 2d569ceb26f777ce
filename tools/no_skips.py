"""Fail if pytest's report names a skipped test, or no test at all: python tools/no_skips.py junit.xml"""

import sys
from xml.etree import ElementTree


def main(report):
    tests = list(ElementTree.parse(report).iter("testcase"))
    if not tests:
        sys.exit("No test ran.")
    skipped = [
        f"{test.get('classname')} {test.get('name')}: {reason.get('message')}: {reason.text}"
        for test in tests
        for reason in test.iter("skipped")
        # pytest files an expected failure under the same name; that test did run.
        if reason.get("type") != "pytest.xfail"
    ]
    if skipped:
        sys.exit("\n".join(["Skipped:", *skipped]))
    print(f"{len(tests)} tests, none skipped.")


if __name__ == "__main__":
    main(*sys.argv[1:])
