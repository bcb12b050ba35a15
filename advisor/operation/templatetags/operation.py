from django import template
from django.utils import timezone

from advisor.operation.doctor import Finding, Level, quick_findings

register = template.Library()


@register.simple_tag
def faults_of_operation() -> list[Finding]:
    """What is wrong with disks and backups, and would go unnoticed until they are needed."""
    return [finding for finding in quick_findings(timezone.now()) if finding.level is Level.FAULT]
