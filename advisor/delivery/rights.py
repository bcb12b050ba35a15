"""The rights over messages and jobs, by what they allow."""

STEER_MESSAGES = "delivery.change_message"
CONFIRM_CLOCK = "delivery.confirm_clockcheck"
CONFIRM_REMOVALS = "delivery.confirm_heldremoval"
