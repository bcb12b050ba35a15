from advisor.content.admin import guide, parts

__all__ = ["guide", "parts"]
