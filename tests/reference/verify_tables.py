#!/usr/bin/env python3
"""把公开原件的文字版与数据文件逐格对照。

用法：verify_tables.py <原件文字版> <数据文件夹> [标准文件夹]

原件按制表符切开，一行一行、一格一格地读，不参考数据文件；数据文件按标准排成同样的行列。
两边的表名、表头、列号行、行名、编码、金额（含小数位）和先后次序有任何不同，退出码为 1。
数据文件夹名以年度开头，如 2025-budget。依赖 PyYAML。
"""

import csv
import re
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

import yaml

FIGURE = re.compile(r"-?[\d,]*\d\.\d+")
CONTENTS = re.compile(r"(表[一二三四五六七八九十]+)(\d{4}年.*?)\.{3,}")
NOISE = {"仅供内部审核", "预算公开表1"}

# 原件表头的合并格转成文字时错了位：收入一格少占一列。
SLIPS = {
    ("state-capital", 0): ["国有资本经营预算收入", "", "国有资本经营预算支出", "", "", "", "", ""],
}


class Report:
    def __init__(self):
        self.problems = []

    def add(self, place, message):
        self.problems.append(f"{place}：{message}")


def clean(cell):
    """表格一格的文字，表名前的井号不算。"""
    return cell.strip().lstrip("#").strip()


# ---------------------------------------------------------------- 原件


def read_original(path, year, report):
    """第二部分里的各张表，按出现次序：表号（见目录）、表名、计量单位、各行、表下说明；另有部门名称。"""
    tables, inside, entity, numbers = [], False, None, {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = clean(line)
        if not inside and (entry := CONTENTS.match(text)):
            numbers[entry.group(2)] = entry.group(1)
        if line.startswith("#") and text.startswith("第二部分"):
            inside = True
            continue
        if line.startswith("#") and text.startswith("第三部分"):
            break
        if not inside or not text and "\t" not in line or text in NOISE:
            continue
        if "\t" in line:
            tables[-1]["rows"].append([cell.strip() for cell in line.split("\t")])
        elif text.startswith(f"{year}年") and re.search(r"表(（[^）]*）)?$", text):
            tables.append({"number": numbers.get(text), "title": text, "rows": [], "notes": []})
        elif text.startswith("部门名称："):
            entity = text.removeprefix("部门名称：")
        elif text.startswith("单位："):
            tables[-1]["unit"] = text.removeprefix("单位：")
        elif text.startswith("注："):
            tables[-1]["notes"].append(text)
        else:
            report.add(f"原件第 {number} 行", f"认不出的文字「{text}」")
    return tables, entity


# ---------------------------------------------------------------- 标准与数据


def load_text(path):
    """全部值按写法读成文字，金额的小数位不丢。"""
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)


def load_typed(path):
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def by_id(folder, key, report):
    found = {}
    for path in sorted(folder.glob("*.yaml")):
        document = load_text(path)
        if document[key] in found:
            report.add(path.name, f"{document[key]} 重复")
        found[document[key]] = (path, document)
    return found


def render(template, context):
    return re.sub(r"{{\s*([\w.]+)\s*}}", lambda m: context[m.group(1)], template)


def printed(block):
    return [c for c in block["columns"] if c.get("printed") != "false"]


def header_rows(blocks, context):
    """各层表头；横向合并的格只在第一格写字，纵向合并的格只在最上一格写字。"""
    paths = []
    for index, block in enumerate(blocks):
        for column in printed(block):
            titles = [*column.get("under", []), column["title"]]
            paths.append((index, tuple(render(t, context) for t in titles)))
    rows = []
    for level in range(max(len(path) for _, path in paths)):
        row, left = [], None
        for block, path in paths:
            span = (block, path[: level + 1]) if level < len(path) - 1 else None
            text = path[level] if level < len(path) else ""
            row.append("" if span and span == left else text)
            left = span
        rows.append(row)
    numbers = [c.get("number", "") for b in blocks for c in printed(b)]
    if any(numbers):
        rows.append(numbers)
    return rows


def body_rows(block, data, context, place, report):
    """一块表应印的各行：（可否不印，各格，是否合计，这一行的数据）。"""
    columns = printed(block)
    known = {c["id"] for c in block["columns"]} | {"id", "rows"}

    def cells(row):
        for key in row.keys() - known:
            report.add(place, f"未知的列 {key}")
        return [row.get(c["id"], "") for c in columns]

    def total(rule):
        row = data.get(rule["id"], {})
        line = cells(row)
        line[0] = render(rule["name"], context)
        return (not row, line, True, row)

    totals = block.get("totals", [])
    out = [total(rule) for rule in totals if rule["at"] == "first"]
    if block["rows"] == "fixed":
        given = {row["id"]: row for row in data["rows"]}
        order = [rule["id"] for rule in block["fixed"]]
        if [i for i in order if i in given] != [row["id"] for row in data["rows"]]:
            report.add(place, "固定行的标识重复、未知或次序不对")
        for rule in block["fixed"]:
            name = render(rule["name"], context)
            row = given.get(rule["id"], {})
            if row.get("name", name) != name:
                report.add(place, f"{rule['id']} 的行名应为「{name}」")
            out.append((False, cells({**row, "name": name}), False, row))
    else:

        def walk(rows):
            for row in rows:
                out.append((False, cells(row), False, row))
                walk(row.get("rows", []))

        walk(data["rows"])
    out += [total(rule) for rule in totals if rule["at"] == "last"]
    return out


# ---------------------------------------------------------------- 对照


def compare_rows(place, expected, seen, report):
    """逐行逐格比较；没有数的合计行，原件可印可不印。"""
    position = 0
    for optional, line, *_ in expected:
        actual = seen[position] if position < len(seen) else None
        if optional and actual != line:
            continue
        position += 1
        if actual is None:
            report.add(place, f"原件没有「{'｜'.join(line)}」")
        elif actual != line:
            report.add(place, f"原件「{'｜'.join(actual)}」，数据「{'｜'.join(line)}」")
    for extra in seen[position:]:
        report.add(place, f"数据没有「{'｜'.join(extra)}」")


def compare_table(original, standard, data, context, report):
    place = f"{standard['number']} {standard['id']}"
    blocks = standard["blocks"]
    title = render(standard["title"], context)
    if original["title"] != title:
        report.add(place, f"表名原件「{original['title']}」，标准「{title}」")
    if original["number"] != standard["number"]:
        report.add(place, f"目录里的表号是 {original['number']}")
    if original.get("unit") != context["unit"]:
        report.add(place, f"计量单位原件「{original.get('unit')}」")

    empty = "no_data" in data
    notes = list(standard.get("notes", [])) + ([standard["empty"]] if empty else [])
    if original["notes"] != notes:
        report.add(place, f"表下说明原件 {original['notes']}，应为 {notes}")

    widths = [len(printed(block)) for block in blocks]
    lines = []
    for line in original["rows"]:
        if len(line) > sum(widths) and any(line[sum(widths):]):
            report.add(place, f"原件这一行的格数多于列数：{line}")
        lines.append((line + [""] * sum(widths))[: sum(widths)])

    heads = header_rows(blocks, context)
    if len(lines) < len(heads):
        report.add(place, f"原件只有 {len(lines)} 行，表头应有 {len(heads)} 行")
    for level, (expected, actual) in enumerate(zip(heads, lines)):
        if actual != SLIPS.get((standard["id"], level), expected):
            report.add(place, f"表头原件 {actual}，标准 {expected}")
    body = lines[len(heads):]

    start, figures, records = 0, Counter(), []
    for block, width in zip(blocks, widths):
        part = data[block["id"]] if "id" in block and len(blocks) > 1 else data
        name = f"{place}.{block['id']}" if len(blocks) > 1 else place
        expected = body_rows(block, part, context, name, report)
        seen = [line[start : start + width] for line in body]
        compare_rows(name, expected, [line for line in seen if any(line)], report)
        amounts = [c["id"] for c in block["columns"] if c["kind"] == "amount"]
        for *_, row in expected:
            figures.update(row[a] for a in amounts if a in row)
        records.append((name, block, part, expected))
        start += width

    # 不看位置，只数金额
    tokens = Counter(c for line in original["rows"] for c in line if FIGURE.fullmatch(c))
    if tokens != figures:
        report.add(place, f"金额多出 {figures - tokens}，缺少 {tokens - figures}")
    return sum(tokens.values()), len(body), records


# ---------------------------------------------------------------- 编码与类型


def check_types(path, report):
    """常规读法下，标识、编码、名称是文字，其余是数。"""

    def walk(row):
        for key, value in row.items():
            if key == "rows":
                for child in value:
                    walk(child)
            elif isinstance(value, dict):
                walk(value)
            elif key in ("id", "code", "name", "gov_code", "gov_name"):
                if not isinstance(value, str):
                    report.add(path.name, f"{key}: {value!r} 不是文字")
            elif not isinstance(value, (int, float)):
                report.add(path.name, f"{key}: {value!r} 不是数")

    document = load_typed(path)
    for key, value in document.items():
        if key == "rows":
            walk({"rows": value})
        elif isinstance(value, dict):
            walk(value)
        elif not isinstance(value, str):
            report.add(path.name, f"{key}: {value!r} 不是文字")


def code_list(path):
    with path.open(encoding="utf-8", newline="") as file:
        return {row[0]: row[1] for row in list(csv.reader(file))[1:]}


def check_codes(records, folder, report):
    lists = {c: code_list(folder / f"{c}.csv") for c in ("functional", "economic", "government_economic")}
    with (folder / "economic_pairs.csv").open(encoding="utf-8", newline="") as file:
        pairs = {tuple(row) for row in list(csv.reader(file))[1:]}
    checked = 0
    for place, block, part, _ in records:
        if block["rows"] == "fixed":
            for rule in block["fixed"]:
                if "code" in rule:
                    checked += 1
                    name = rule["name"].split("、", 1)[1]
                    if lists["functional"].get(rule["code"]) != name:
                        report.add(place, f"{rule['code']} 名单里不是「{name}」")
        if block["rows"] != "tree":
            continue
        names, above, keys = lists[block["classification"]], set(), Counter()
        for row in part["rows"]:
            code = row["code"]
            checked += 1
            if names.get(code) != row["name"]:
                report.add(place, f"{code} 名单里是「{names.get(code)}」，不是「{row['name']}」")
            if len(code) > 3 and code[:-2] not in above:
                report.add(place, f"{code} 没有上级")
            above.add(code)
            if "gov_code" in row:
                checked += 1
                if lists["government_economic"].get(row["gov_code"]) != row["gov_name"]:
                    report.add(place, f"{row['gov_code']} 名单里不是「{row['gov_name']}」")
                if (code, row["gov_code"]) not in pairs:
                    report.add(place, f"{code} 与 {row['gov_code']} 不成对")
            keys["-".join(row.get(k, "") for k in block.get("key", ["code"]))] += 1
        for key, count in keys.items():
            if count > 1:
                report.add(place, f"行标识 {key} 重复")
    return checked


# ---------------------------------------------------------------- 勾稽


class Sums:
    """和数核对：相符、四舍五入内、不符。"""

    def __init__(self, report):
        self.report, self.exact, self.rounding = report, 0, []

    def equal(self, place, whole, parts):
        gap = Decimal(whole) - sum((Decimal(p) for p in parts), Decimal(0))
        limit = Decimal("0.005") * (len(parts) + 1)
        if gap == 0:
            self.exact += 1
        elif abs(gap) <= limit:
            self.rounding.append(f"{place} 差 {gap}")
        else:
            self.report.add(place, f"{whole} 与各项之和差 {gap}")


def check_sums(records, sums):
    cell = {}
    for place, block, part, expected in records:
        amounts = [c["id"] for c in block["columns"] if c["kind"] == "amount"]
        for rule in block.get("totals", []):
            for a in amounts:
                if a in part.get(rule["id"], {}):
                    cell[place.split()[1], rule["id"], a] = part[rule["id"]][a]
        for *_, row in expected:
            for a in amounts:
                if "id" in row and a in row:
                    cell[place.split()[1], row["id"], a] = row[a]
            # 一行之内：总数等于其余各列之和
            parts = [row[a] for a in amounts if a != "total" and a in row]
            if "total" in row and parts:
                sums.equal(f"{place}「{row.get('name', '合计')}」", row["total"], parts)
        rows = part["rows"]
        for a in amounts:

            def added(label, whole, children):
                found = [child[a] for child in children if a in child]
                if a in whole and found:
                    sums.equal(f"{place}「{label}」{a}", whole[a], found)

            if block["rows"] == "tree":
                for row in rows:
                    below = [r for r in rows if r["code"][:-2] == row["code"]]
                    added(row["code"], row, below)
                added("合计", part.get("total", {}), [r for r in rows if len(r["code"]) == 3])
            elif block["rows"] == "list":
                added("合计", part.get("total", {}), rows)
                for row in rows:
                    added(row["id"], row, row.get("rows", []))
    same = [
        (("summary.revenue", "grand_total", "current"), ("summary.expenditure", "grand_total", "total")),
        (("summary.revenue", "grand_total", "current"), ("revenue", "total", "total")),
        (("summary.expenditure", "current_total", "total"), ("expenditure", "total", "total")),
        (("appropriation.revenue", "grand_total", "amount"), ("appropriation.expenditure", "grand_total", "total")),
        (("appropriation.expenditure", "current_total", "general_public"), ("general-expenditure", "total", "total")),
        (("general-expenditure", "total", "basic"), ("basic-by-economy", "total", "total")),
        (("expenditure", "total", "project"), ("projects", "total", "total")),
    ]
    for left, right in same:
        sums.equal(f"{left} 与 {right}", cell[left], [cell[right]])
    for table in ("summary.expenditure", "appropriation.expenditure"):
        classes = [v for (t, row, column), v in cell.items() if t == table and column == "total" and row.startswith("c2")]
        sums.equal(f"{table} 各类", cell[table, "current_total", "total"], classes)
    public = [cell["three-public", r, "total"] for r in ("official_reception", "vehicles")]
    sums.equal("three-public 合计", cell["three-public", "total", "total"], public)


# ---------------------------------------------------------------- 入口


def main(arguments):
    if len(arguments) not in (2, 3):
        print(__doc__, file=sys.stderr)
        return 2
    original_path, folder = Path(arguments[0]), Path(arguments[1]).resolve()
    year = folder.name.split("-")[0]
    root = Path(__file__).resolve().parents[2]
    standard = Path(arguments[2]) if len(arguments) == 3 else root / "standards" / "shanxi-2025-budget"

    report = Report()
    originals, entity = read_original(original_path, year, report)
    context = {"year": year, "entity.name": entity, "unit": "万元"}
    standards = by_id(standard / "tables", "id", report)
    tables = by_id(folder / "tables", "table", report)
    if standards.keys() != tables.keys() or len(originals) != len(standards):
        report.add("表", f"原件 {len(originals)} 张，标准 {len(standards)} 张，数据 {len(tables)} 张")
        return finish(report)

    records, total, rows = [], 0, 0
    # 文件名的编号即表的次序
    for original, (table, (_, definition)) in zip(originals, standards.items()):
        path, data = tables[table]
        check_types(path, report)
        figures, lines, found = compare_table(original, definition, data, context, report)
        print(f"{definition['number']}\t{table}\t{lines} 行\t{figures} 个数")
        records += found
        total, rows = total + figures, rows + lines
    checked = check_codes(records, standard / "codes", report)
    sums = Sums(report)
    check_sums(records, sums)

    print(f"共 {len(originals)} 张表，{rows} 行，{total} 个数，{checked} 处编码")
    print(f"和数 {sums.exact} 处相符，{len(sums.rounding)} 处在四舍五入之内")
    for line in sums.rounding:
        print(f"  {line}")
    return finish(report)


def finish(report):
    for problem in report.problems:
        print(f"不同  {problem}", file=sys.stderr)
    return 1 if report.problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
