"""Why a row is no record, in words: for those who must ask its sender to mend it."""

REASONS = {
    "MISSING": ("必填项没有内容", "a required field holds nothing"),
    "NOT_A_KEY": ("不是有效的记录主键", "not a key of a record"),
    "NOT_A_CODE": ("不是有效的代码", "not a code"),
    "NOT_A_DATE": ("不是日期(年-月-日)", "not a day (YYYY-MM-DD)"),
    "NOT_A_NUMBER": ("不是数字", "not a number"),
    "NOT_A_CHOICE": ("不在允许的取值之内", "not one of the values allowed"),
    "NOT_JSON": ("不是 JSON 文档", "not a JSON document"),
    "NOT_A_POLYGON": ("不是多边形(GeoJSON)", "not a polygon (GeoJSON)"),
    "NOT_OPENING_HOURS": ("不是每周开放时间", "not weekly opening hours"),
    "NOT_A_NAME": ("不是人名", "not a person's name"),
    "NOT_A_PHONE": ("不是手机号码", "not a mobile number"),
    "NOT_AN_ID_NUMBER": ("不是公民身份号码(GB 11643)", "not an identity number (GB 11643)"),
    "NOT_A_CREDIT_CODE": (
        "不是统一社会信用代码(GB 32100)",
        "not a unified social credit code (GB 32100)",
    ),
    "OUT_OF_BOUNDS": ("超出允许的范围", "out of the bounds allowed"),
    "TOO_LONG": ("内容过长", "too long"),
    "CONTROL_CHARACTERS": ("含有控制字符", "holds control characters"),
    "PRECISION_LOST": (
        "长数字被电子表格当作数值，末尾几位已丢失",
        "a spreadsheet took a long number for a quantity; its last digits are gone",
    ),
    "CODE_REUSED": (
        "代码属于或曾属于另一条记录，不得重复使用",
        "the code belongs, or belonged, to another record",
    ),
    "WRONG_NUMBER_OF_CELLS": ("单元格数量与表头不符", "not as many cells as columns"),
    "TOO_MANY_COLUMNS": ("列数过多", "too many columns"),
    "STRAY_QUOTE": ("引号不成对", "a quotation mark without its other"),
    "STRAY_LINE_END": ("行尾符不完整", "half a line end"),
    "BAD_BYTES": ("字节与所声明的编码不符", "bytes that are not of the encoding declared"),
    "CELL_TOO_LARGE": ("单元格过大", "a cell that is too large"),
    "ERROR_CELL": ("单元格是表格错误值", "a cell holds a spreadsheet's error"),
    "MERGED_CELLS": ("含有合并单元格", "cells are merged"),
    "RECORD_TOO_LARGE": (
        "单条记录超过一次应答的上限",
        "the record alone is larger than an answer may be",
    ),
    "NOT_A_RECORD": ("不是一条记录", "not a record"),
    "NUMBER_NOT_EXACT": (
        "数字过大，JSON 无法精确表示",
        "a number too large for JSON to hold exactly",
    ),
    "NOT_JSON_OBJECT": ("该行不是 JSON 对象", "the line is not a JSON object"),
    "STRANGE_CELL": ("单元格的类型不可读", "a cell of a type that cannot be read"),
    "BINARY_CELL": ("单元格是二进制内容", "a cell holds binary content"),
}
"""Each code in Chinese and English; docs/exchange has them in groups."""


def reason(code: str, chinese: bool) -> str:
    """Return the words for a code; for one that an older edition kept, the code itself."""
    words = REASONS.get(code, (code, code))
    return words[0] if chinese else words[1]
