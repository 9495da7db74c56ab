"""Where to go with one's own data, and what the documentation shows of it."""

WAYS = {
    "copy": "/api/v1/me/exports",
    "consents": "/api/v1/me/consents",
    "correction": "/api/v1/me/corrections",
    "closure": "/api/v1/me/closure",
}
EXAMPLE_ID = "018f6d2e-7c1a-7b3e-9a52-2f1de6c3a001"
EXPORT = {
    "id": EXAMPLE_ID,
    "state": "asked",
    "asked_at": "2026-11-23T01:00:00+00:00",
    "expires_at": "2026-11-24T01:00:00+00:00",
}
AGREEMENT = {
    "purpose": {
        "code": "precise-location",
        "words_zh": "将手机定位得到的精确位置作为诉求地点随诉求保存",
        "words_en": "Keep the precise location of the phone as the place of a request",
        "basis": "PIPL 28, 29",
        "sensitive": True,
        "separate": True,
        "edition": 2,
    },
    "child": None,
    "given_at": "2026-11-23T01:00:00+00:00",
    "edition": 2,
}
KEPT = {
    "what_zh": "操作审计(仅编号)",
    "what_en": "the audit trail, by ids only",
    "basis": "网络安全法 23(3)",
    "term_zh": "不少于六个月",
    "term_en": "at least six months",
}
DUTY = {
    "words_zh": "以姓名、证件号码核验实名身份",
    "words_en": "Check name and number against the population register",
    "basis": "PIPL 13(1)(3), 34, 35",
}
MAP = {
    "sections": [{"name": "devices", "title_zh": "登录设备", "title_en": "Devices"}],
    "kept_by_law": [KEPT],
    "done_by_duty": [DUTY],
    "ways": WAYS,
}
REVEAL = {
    "kind": "request",
    "id": EXAMPLE_ID,
    "field": "phone",
    "reason": "call-back",
    "words": "约定上门时间",
}
