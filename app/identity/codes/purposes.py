"""What a code is for, and what its message says, so that who is asked for it knows what it does."""

from enum import StrEnum


class Purpose(StrEnum):
    """A code counts for its own purpose and for no other."""

    SIGN_IN = "sign-in"
    STEP_UP = "step-up"  # for a sensitive deed of somebody who is signed in
    PHONE = "phone"  # for the phone that an account moves to
    PASSWORD = "password"  # noqa: S105  to set or remove one
    LINK = "link"  # to link another way of signing in


TEXTS = {
    Purpose.SIGN_IN: "邻里验证码 {code},10 分钟内有效,请勿转告他人。",
    Purpose.STEP_UP: "邻里操作验证码 {code},用于确认您的敏感操作,10 分钟内有效,请勿转告他人。",
    Purpose.PHONE: "邻里换绑验证码 {code},用于把账户绑定到本手机,10 分钟内有效,请勿转告他人。",
    Purpose.PASSWORD: "邻里密码验证码 {code},用于设置或取消密码,10 分钟内有效,请勿转告他人。",
    Purpose.LINK: "邻里绑定验证码 {code},用于绑定其他登录方式,10 分钟内有效,请勿转告他人。",
}
