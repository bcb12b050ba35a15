"""A number and what it counts, together: "0 rules", "1 rule", "1,200 rules"."""


def pluralize(number: int, one: str, several: str = "") -> str:
    """The number with its noun; ``several`` is said for all but one, and is ``one`` with an s where it is not given."""
    return f"{number:,} {one if number == 1 else several or f'{one}s'}"
