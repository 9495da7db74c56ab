"""WeChat: template messages to those who linked their WeChat to their account."""
