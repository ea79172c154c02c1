#!/usr/bin/env python3
"""Compare the project sheets of a disclosure with a reference reading of its source.

    verify_sheets.py <performance-sheets.json> <projects folder>

Prints every difference and exits with 1 when there is one; 2 when called wrongly.
Where the folder lies beside `tables/`, the rows a sheet names are looked up there too.
"""

import json
import sys
from collections import Counter
from pathlib import Path

import yaml

# Names of the phases and of the sources of funds: reference -> data.
PHASES = {"whole-period": "whole", "annual": "annual"}
SOURCES = {
    "total": "total",
    "central": "central",
    "provincial": "provincial",
    "city": "city",
    "self_raised": "own",
    "other": "other",
}
KEYS = {"name", "department", "unit", "attribute", "period", "rows", "funds", "texts", "goals", "indicators"}
TEXTS = {"summary", "basis", "necessity", "safeguards", "plan"}
INDICATOR_KEYS = {"level1", "level2", "level3", "whole", "annual"}
LEVELS = ("level1", "level2", "level3")


class TextLoader(yaml.SafeLoader):
    """Reads `3.30` as text, so that amounts compare as written."""


TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith((":float", ":int"))]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def sheet_key(name, unit, funds):
    """What tells sheets of one name apart: the unit and the sum for the year."""
    return name, unit, funds["annual"].get("total")


def fund_differences(sheet, data):
    """Funds by source: the same amounts, and blank where the reference is blank."""
    if set(data) != set(PHASES.values()):
        yield f"funds: phases {sorted(data)}"
    for phase in PHASES.values():
        expected = {SOURCES[key]: value for key, value in sheet["funds"][phase].items() if value is not None}
        found = data.get(phase, {})
        if found != expected or any(type(value) is not int for value in found.values()):
            yield f"funds.{phase}: expected {expected}, found {found}"


def indicator_differences(sheet, data):
    """Indicators: the same triples as often, and for each phase the same values in the same order."""
    for indicator in data:
        if set(indicator) - INDICATOR_KEYS or not set(LEVELS) <= set(indicator):
            yield f"indicator: keys of {indicator}"
            return
        if not all(isinstance(value, str) and value for value in indicator.values()):
            yield f"indicator: not text in {indicator}"

    triple = lambda entry: tuple(entry[level] for level in LEVELS)  # noqa: E731
    per_phase = [Counter(triple(i) for i in sheet["indicators"] if i["phase"] == phase) for phase in PHASES]
    expected_triples = per_phase[0] | per_phase[1]
    found_triples = Counter(map(triple, data))
    for missing in (expected_triples - found_triples).elements():
        yield f"indicator missing: {missing}"
    for extra in (found_triples - expected_triples).elements():
        yield f"indicator not in the reference: {extra}"

    for phase, key in PHASES.items():
        expected = [
            (*triple(i), i["value"])
            for i in sheet["indicators"]
            if i["phase"] == phase and not i.get("value_lost") and i["value"]
        ]
        found = [(*triple(i), i[key]) for i in data if key in i]
        if found == expected:
            continue
        for entry in Counter(expected) - Counter(found):
            yield f"indicator {key} missing: {entry}"
        for entry in Counter(found) - Counter(expected):
            yield f"indicator {key} not in the reference: {entry}"
        if Counter(expected) == Counter(found):
            yield f"indicators {key}: in another order"


def row_differences(sheet, rows, table):
    """Rows of the project table: as many as the reference names, and the same unit, name and amount."""
    expected = [(row["unit"], row["name"], row["amount_wan"]) for row in sheet["rows_in_table_12"]]
    if table is None:
        if len(rows) != len(expected):
            yield f"rows: expected {len(expected)}, found {rows}"
        return
    found = [table.get(row) for row in rows]
    if found != expected:
        yield f"rows {rows}: expected {expected}, found {found}"


def sheet_differences(sheet, data, table):
    """Everything in which one file differs from one sheet of the reference."""
    if set(data) - KEYS:
        yield f"unknown keys {sorted(set(data) - KEYS)}"
    expected = {
        "name": sheet["name"],
        "department": f"{sheet['department_code']}-{sheet['department']}",
        "unit": sheet["implementing_unit"],
        "attribute": sheet.get("attribute"),
        "period": sheet.get("period"),
    }
    for key, value in expected.items():
        if data.get(key) != value:
            yield f"{key}: expected {value!r}, found {data.get(key)!r}"
    for part, known in (("texts", TEXTS), ("goals", set(PHASES.values()))):
        for key, value in data.get(part, {}).items():
            if key not in known or not isinstance(value, str) or not value:
                yield f"{part}.{key}: {value!r}"
    yield from fund_differences(sheet, data["funds"])
    yield from indicator_differences(sheet, data["indicators"])
    yield from row_differences(sheet, data["rows"], table)


def project_table(tables):
    """Rows of the project table by id, as (unit, name, amount); `None` when it is not there."""
    for path in sorted(tables.glob("*.yaml")):
        table = yaml.load(path.read_text(encoding="utf-8"), TextLoader)
        if table.get("table") == "projects":
            return {
                row["id"]: (unit["name"], row["name"], row["total"])
                for unit in table["rows"]
                for row in unit["rows"]
            }
    return None


def main(arguments):
    if len(arguments) != 2:
        print(__doc__, file=sys.stderr)
        return 2
    reference, folder = map(Path, arguments)
    sheets = [sheet for sheet in json.loads(reference.read_text(encoding="utf-8")) if not sheet["redacted"]]
    files = {path.name: yaml.safe_load(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.yaml"))}
    table = project_table(folder.parent / "tables")

    differences = []
    by_key = {}
    for name, data in files.items():
        key = sheet_key(data["name"], data["unit"], data["funds"])
        if key in by_key:
            differences.append(f"{name}: the same sheet as {by_key[key]}")
        by_key[key] = name
    order = []
    for sheet in sheets:
        name = by_key.pop(sheet_key(sheet["name"], sheet["implementing_unit"], sheet["funds"]), None)
        if name is None:
            differences.append(f"sheet {sheet['no']} {sheet['name']}: no file")
            continue
        order.append(name)
        differences += [f"{name}: {text}" for text in sheet_differences(sheet, files[name], table)]
    differences += [f"{name}: not in the reference" for name in by_key.values()]
    if order != sorted(order):
        differences.append(f"files do not sort in the order of the source: {order}")

    for difference in differences:
        print(difference)
    indicators = sum(len(data["indicators"]) for data in files.values())
    rows = "" if table is None else ", rows looked up in the project table"
    print(f"{len(files)} files, {indicators} indicators, {len(differences)} differences{rows}")
    return 1 if differences else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
