import pytest


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [("/cases/%00/", 404), ("/follow/2026%00/", 404), ("/cases/?open=%00", 400), ("/?q=a%00", 400)],
)
def test_a_nul_in_an_address_is_refused_before_anybody_reads_it(client, address, status):
    assert client.get(address).status_code == status
