from django.apps import AppConfig

from advisor.content import past


class LeadsConfig(AppConfig):
    name = "advisor.leads"
    verbose_name = "Leads"

    def ready(self) -> None:
        """Let the content room ask what leads had answered, which may not ask this room itself."""
        past.sources.append(self.last_answers)

    def last_answers(self, guide_key: str, limit: int) -> list[str]:
        """The query strings of the newest leads of a guide: what they answered, without who they were."""
        leads = self.get_model("Lead")._default_manager.filter(edition__guide__key=guide_key).exclude(status="spam")
        return list(leads.order_by("-requested_at").values_list("answers", flat=True)[:limit])
