from django import template

from advisor.content.edition_check import unreadable_editions

register = template.Library()

register.simple_tag(unreadable_editions)
