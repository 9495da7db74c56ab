"""What made-up notices are about, and the words that are kept of each."""

from notices.model.body import grams_of, large_text_of

SUBJECTS = [
    "停水通知",
    "停电通知",
    "燃气检修",
    "道路施工",
    "垃圾分类",
    "疫苗接种",
    "社区活动",
    "养老服务",
    "消防检查",
    "防汛须知",
    "供暖开始",
    "电梯维修",
    "招聘信息",
    "义诊安排",
    "选民登记",
    "医保缴费",
    "高温预警",
    "寒潮预警",
    "文明养犬",
    "反诈宣传",
]
BODY = "因{0},请各位居民**提前安排**。\n\n- 时间:8:00–16:00\n- 咨询:0415-0000001\n\n感谢您的配合。"


def words() -> dict[str, object]:
    """Return the parameters of a statement that writes them down, a list of each."""
    bodies = [BODY.format(subject) for subject in SUBJECTS]
    return {
        "at": list(range(len(SUBJECTS))),
        "titles": SUBJECTS,
        "bodies": bodies,
        "large": [large_text_of(body) for body in bodies],
        "grams": [
            " ".join(grams_of(subject, large_text_of(body)))
            for subject, body in zip(SUBJECTS, bodies, strict=True)
        ],
    }
