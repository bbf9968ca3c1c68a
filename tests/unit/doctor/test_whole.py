"""Everything at once: nothing wrong, nothing changed, nothing told that is secret."""

from tests.unit.doctor.company import Company


async def test_where_all_is_well_nothing_is_wrong(company: Company) -> None:
    found = await company.examined()
    assert found.wrong == []
