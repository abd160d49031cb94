"""What one chooses from in forms."""

import pytest

from luukku.web.counter.organisations.organisation_list import NewOrganisationForm
from luukku.web.orderer.forms import RegisterForm
from luukku.web.parts.organisations.forms import DetailsForm, UnitForm

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("form", [NewOrganisationForm, RegisterForm, DetailsForm, UnitForm])
def test_every_form_offers_the_regions_municipalities_first(form):
    empty, (region, own), (elsewhere, others) = form().fields["municipality"].choices

    assert (empty, region, elsewhere) == (
        ("", "No choice made"),
        "Satakunta",
        "Elsewhere in Finland",
    )
    assert ("Pori" in dict(own).values(), "Oulu" in dict(others).values()) == (True, True)
