"""The rights of sales, by what they allow."""

READ_LEADS = "leads.view_lead"
WORK_ON_LEADS = "leads.change_lead"
ERASE_LEADS = "leads.delete_lead"
EXPORT_LEADS = "leads.export_lead"
READ_EXPORTS = "leads.view_export"
READ_PEOPLE = "leads.view_person"
ERASE_PEOPLE = "leads.delete_person"
