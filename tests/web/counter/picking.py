"""What a page offers to choose from, without JavaScript."""

from luukku.web.ui.picks import PickField


def offered_in(response, name=""):
    """Return what the form's field ``name``, or its only one that is picked, offers on the page."""
    form = response.context["form"]
    fields = [key for key, field in form.fields.items() if isinstance(field, PickField)]
    bound = form[name or fields[0]]
    context = bound.field.widget.get_context(bound.html_name, bound.value(), {})
    return context["choices"]
