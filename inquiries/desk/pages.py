from django.template.response import TemplateResponse

EXPORT = "inquiries.export_inquiry"


class DeskPages:
    def page(self, request, template: str, *, status=200, **context):
        common = {**self.admin_site.each_context(request), "opts": self.opts}
        return TemplateResponse(request, f"admin/inquiries/inquiry/{template}", common | context, status=status)
