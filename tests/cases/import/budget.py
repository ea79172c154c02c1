#!/usr/bin/env python3
"""Makes budget.xls, a workbook of Excel 97-2003, with xlwt 1.3.0: python3 budget.py"""

import datetime
import pathlib

import xlwt

book = xlwt.Workbook(encoding="utf-8")


def style(code="General", indent=0):
    made = xlwt.XFStyle()
    made.num_format_str = code
    if indent:
        made.alignment.horz = xlwt.Alignment.HORZ_LEFT
        made.alignment.inde = indent
    return made


sheet = book.add_sheet("收支总表")
sheet.write_merge(0, 0, 0, 3, "表一 收支总表")
sheet.write(1, 3, "单位：万元")
sheet.write_merge(2, 3, 0, 0, "项目")
sheet.write_merge(2, 2, 1, 2, "预算数")
sheet.write(3, 1, "Total")
sheet.write(4, 0, "教育支出")
sheet.write(4, 1, 1234.5, style("#,##0.00"))
sheet.write(4, 2, 0.1 + 0.2)
sheet.write(5, 0, "普通教育", style(indent=1))
sheet.write(5, 1, -89, style("#,##0.00_);(#,##0.00)"))
sheet.write(5, 2, 0.125, style("0.0%"))
sheet.write(6, 0, "小学教育", style(indent=2))
sheet.write(6, 1, 0, style('_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ '))
sheet.write(6, 2, 89, style('0.00"万元"'))
sheet.write(7, 0, datetime.date(2026, 1, 5), style("yyyy-mm-dd"))
sheet.write(7, 1, True)
sheet.write(7, 2, 1234567.891, style("0!.0,"))
sheet.write_rich_text(8, 0, ["一、", ("加粗", xlwt.easyfont("bold true")), " bold"])
sheet.write(8, 1, 12.34)
sheet.write(8, 2, 1e15)
sheet.row(5).hidden = True
sheet.col(1).hidden = True

draft = book.add_sheet("草稿")
draft.visibility = 1
# texts longer than a record, so that they go on in the next
draft.write(0, 0, "A" * 5000)
draft.write(1, 0, "字" * 5000)
draft.write(2, 0, "b" * 5000)
draft.write(3, 0, "末")
draft.show_zero_values = 0
draft.write(4, 0, 0)

book.add_sheet("空")
book.save(str(pathlib.Path(__file__).with_name("budget.xls")))
