"""As everywhere else in the house: by 24 hours, and with the zone. Django would write “9:10 a.m.”, and “noon”."""

TIME_FORMAT = "H:i"
DATETIME_FORMAT = "j M Y, H:i e"
SHORT_DATETIME_FORMAT = "d/m/Y H:i e"
